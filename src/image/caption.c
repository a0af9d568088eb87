#include "config.h"

#include "image/meta.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define IIM_CAPTION 120

/* A text of at most IMAGE_CAPTION bytes. */
struct text {
	char *s;
	size_t n;
	bool full;
};

static void
put(struct text *t, const char *p, size_t n)
{
	if (t->full || n > IMAGE_CAPTION - t->n) {
		t->full = true;
		return;
	}
	memcpy(t->s + t->n, p, n);
	t->n += n;
	t->s[t->n] = '\0';
}

static void
put_code(struct text *t, unsigned long c)
{
	char b[4];

	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return;
	if (c < 0x80) {
		b[0] = (char)c;
		put(t, b, 1);
	} else if (c < 0x800) {
		b[0] = (char)(0xc0 | c >> 6);
		b[1] = (char)(0x80 | (c & 0x3f));
		put(t, b, 2);
	} else if (c < 0x10000) {
		b[0] = (char)(0xe0 | c >> 12);
		b[1] = (char)(0x80 | (c >> 6 & 0x3f));
		b[2] = (char)(0x80 | (c & 0x3f));
		put(t, b, 3);
	} else {
		b[0] = (char)(0xf0 | c >> 18);
		b[1] = (char)(0x80 | (c >> 12 & 0x3f));
		b[2] = (char)(0x80 | (c >> 6 & 0x3f));
		b[3] = (char)(0x80 | (c & 0x3f));
		put(t, b, 4);
	}
}

/* Decodes the reference at p (n bytes, p[0] is '&'); returns its length. */
static size_t
put_reference(struct text *t, const char *p, size_t n)
{
	static const struct {
		const char *name;
		char c;
	} names[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
		{ "&quot;", '"' }, { "&apos;", '\'' } };
	const char *end = memchr(p, ';', n < 12 ? n : 12);
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i].name);
		if (n >= len && memcmp(p, names[i].name, len) == 0) {
			put(t, &names[i].c, 1);
			return len;
		}
	}
	if (end == NULL || n < 4 || p[1] != '#') {
		put(t, "&", 1);
		return 1;
	}
	put_code(t,
	    p[2] == 'x' ? strtoul(p + 3, NULL, 16) : strtoul(p + 2, NULL, 10));
	return (size_t)(end - p) + 1;
}

/* Appends whole characters as long as they fit. */
static void
put_xml(struct text *t, const char *p, size_t n)
{
	size_t i = 0, len;

	while (i < n && !t->full) {
		if (p[i] == '&') {
			i += put_reference(t, p + i, n - i);
			continue;
		}
		for (len = 1; i + len < n && (p[i + len] & 0xc0) == 0x80;)
			len++;
		put(t, p + i, len);
		i += len;
	}
}

static const char *
search(const char *p, const char *end, const char *what)
{
	if (p == NULL || p > end)
		return NULL;
	return memmem(p, (size_t)(end - p), what, strlen(what));
}

/* Finds dc:description="TEXT", as some programs write it. */
static void
xmp_attribute(const char *p, const char *end, struct text *t)
{
	static const char name[] = "dc:description=";
	const char *q = NULL;

	p = search(p, end, name);
	if (p == NULL)
		return;
	p += sizeof(name) - 1;
	if (p < end && (*p == '"' || *p == '\''))
		q = memchr(p + 1, *p, (size_t)(end - p - 1));
	if (q != NULL && text_utf8(p + 1, (size_t)(q - p - 1)))
		put_xml(t, p + 1, (size_t)(q - p - 1));
}

/* Finds <dc:description><rdf:Alt><rdf:li xml:lang="x-default">TEXT</rdf:li>,
 * the first language. */
static void
xmp_caption(struct slice xmp, struct text *t)
{
	const char *p = (const char *)xmp.p, *end, *q;

	if (xmp.n == 0)
		return;
	end = p + xmp.n;
	q = search(p, end, "<dc:description");
	if (q == NULL) {
		xmp_attribute(p, end, t);
		return;
	}
	p = q;
	end = search(p, end, "</dc:description>");
	if (end == NULL)
		return;
	p = search(p, end, "<rdf:li");
	if (p == NULL)
		return;
	p = memchr(p, '>', (size_t)(end - p));
	if (p == NULL || p[-1] == '/')
		return;
	p++;
	q = search(p, end, "</rdf:li>");
	if (q != NULL && text_utf8(p, (size_t)(q - p)))
		put_xml(t, p, (size_t)(q - p));
}

/* A text that neither declares UTF-8 nor looks like it is read as Latin-1. */
static void
put_iim(struct text *t, struct slice s)
{
	size_t i, len;

	if (!text_utf8((const char *)s.p, s.n)) {
		for (i = 0; i < s.n; i++)
			put_code(t, s.p[i]);
		return;
	}
	for (i = 0; i < s.n; i += len) {
		for (len = 1; i + len < s.n && (s.p[i + len] & 0xc0) == 0x80;)
			len++;
		put(t, (const char *)s.p + i, len);
	}
}

static void
iptc_caption(struct slice s, struct text *t)
{
	size_t len;

	while (s.n >= 5 && s.p[0] == 0x1c) {
		len = (size_t)s.p[3] << 8 | s.p[4];
		if (len > s.n - 5 || len >= 0x8000)
			return;
		if (s.p[1] == 2 && s.p[2] == IIM_CAPTION) {
			put_iim(t, (struct slice){ s.p + 5, len });
			return;
		}
		s.p += 5 + len;
		s.n -= 5 + len;
	}
}

struct slice
meta_iptc(struct slice s)
{
	size_t name, len;

	while (s.n >= 12 && memcmp(s.p, "8BIM", 4) == 0) {
		name = ((size_t)s.p[6] + 2) & ~(size_t)1;
		if (s.n < 6 + name + 4)
			break;
		len = (size_t)s.p[6 + name] << 24 |
		    (size_t)s.p[7 + name] << 16 | (size_t)s.p[8 + name] << 8 |
		    s.p[9 + name];
		if (len > s.n - 10 - name)
			break;
		if (s.p[4] == 0x04 && s.p[5] == 0x04)
			return (struct slice){ s.p + 10 + name, len };
		len = 10 + name + len + (len & 1);
		if (len > s.n)
			break;
		s.p += len;
		s.n -= len;
	}
	return (struct slice){ NULL, 0 };
}

/* Keeps line breaks; removes other control characters. */
static void
clean(struct text *t)
{
	size_t i, n = 0;

	for (i = 0; i < t->n; i++) {
		unsigned char c = (unsigned char)t->s[i];

		if ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t')
			t->s[n++] = t->s[i];
	}
	while (n > 0 && (t->s[n - 1] == ' ' || t->s[n - 1] == '\n'))
		n--;
	t->s[n] = '\0';
	t->n = n;
}

void
meta_caption(struct slice xmp, struct slice iptc, char *ret)
{
	struct text t = { ret, 0, false };

	ret[0] = '\0';
	xmp_caption(xmp, &t);
	clean(&t);
	if (t.n == 0)
		iptc_caption(iptc, &t);
	clean(&t);
}
