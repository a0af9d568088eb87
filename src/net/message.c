#include "config.h"

#include "net/message.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

#define MESSAGE_MOST (8 << 20) /* both bodies, each byte encoded as three */
#define HEADER_MOST 900	       /* bytes of a URL or address in a header */
#define LINE_MOST 76
#define WORD_EDGES 12 /* =?UTF-8?B? and ?= */

static bool
is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

const char *
message_one_line(struct arena *a, const char *text, size_t most)
{
	size_t n = 0, i;
	char *s;

	while (*text == ' ' || (*text != '\0' && text_is_control(*text)))
		text++;
	s = arena_strdup(a, text);
	for (i = 0; s[i] != '\0'; i++) {
		if (text_is_control(s[i]))
			s[i] = ' ';
		if (!is_tail(s[i]) && n++ == most)
			break;
	}
	while (i > 0 && s[i - 1] == ' ')
		i--;
	s[i] = '\0';
	return s;
}

/* ---- base64, as in MIME ---- */

static void
put_base64(struct buf *b, const char *s, size_t n)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)s;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16;
		char out[4];

		if (i + 1 < n)
			v |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < n)
			v |= p[i + 2];
		out[0] = digits[v >> 18];
		out[1] = digits[v >> 12 & 63];
		out[2] = i + 1 < n ? digits[v >> 6 & 63] : '=';
		out[3] = i + 2 < n ? digits[v & 63] : '=';
		buf_mem(b, out, sizeof(out));
	}
}

/* ---- headers ---- */

static bool
is_plain(const char *text)
{
	for (const char *s = text; *s != '\0'; s++)
		if (*s < 0x20 || *s == 0x7f)
			return false;
	/* It must not look like an encoded word. */
	return strstr(text, "=?") == NULL;
}

/* Writes encoded words (RFC 2047), one per line, that do not split characters.
 * column: where the first one begins. */
static void
put_words(struct buf *b, const char *text, size_t column)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t n = (LINE_MOST - WORD_EDGES - column) / 4 * 3;

		if (n >= left)
			n = left;
		else
			while (is_tail(text[n]))
				n--;
		buf_lit(b, "=?UTF-8?B?");
		put_base64(b, text, n);
		buf_lit(b, "?=");
		text += n;
		left -= n;
		if (left > 0)
			buf_lit(b, "\r\n ");
		column = 1;
	}
}

static void
put_subject(struct buf *b, const char *subject)
{
	static const char name[] = "Subject: ";

	buf_raw(b, name);
	if (is_plain(subject) && strlen(name) + strlen(subject) <= LINE_MOST)
		buf_raw(b, subject);
	else
		put_words(b, subject, strlen(name));
	buf_lit(b, "\r\n");
}

static void
put_from(struct buf *b, const char *name, const char *address)
{
	buf_lit(b, "From: ");
	if (name[0] != '\0') {
		if (is_plain(name) && strlen(name) < LINE_MOST / 2)
			buf_quoted(b, name);
		else
			put_words(b, name, strlen("From: "));
		buf_lit(b, "\r\n ");
	}
	buf_lit(b, "<");
	buf_raw(b, address);
	buf_lit(b, ">\r\n");
}

/* RFC 5322 wants a numeric zone where HTTP has GMT. */
static void
put_date(struct buf *b, int64_t date)
{
	char text[30];

	clock_format_http(date, text);
	text[strcspn(text, "G")] = '\0';
	buf_putf(b, "Date: %s+0000\r\n", text);
}

static void
put_unsubscribe(struct buf *b, const char *url)
{
	buf_lit(b, "List-Unsubscribe: <");
	buf_raw(b, url);
	buf_lit(b, ">\r\n");
	if (text_starts(url, "https://"))
		buf_lit(b,
		    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
}

static void
put_headers(struct buf *b, struct arena *a, const struct message *m,
    const char *id)
{
	put_date(b, m->date);
	put_from(b,
	    message_one_line(a, m->from_name != NULL ? m->from_name : "",
		MESSAGE_SUBJECT_MOST),
	    m->from);
	buf_putf(b, "To: <%s>\r\n", m->to);
	put_subject(b, message_one_line(a, m->subject, MESSAGE_SUBJECT_MOST));
	buf_putf(b, "Message-ID: <%s%s>\r\n", id, strrchr(m->from, '@'));
	if (m->unsubscribe != NULL)
		put_unsubscribe(b, m->unsubscribe);
	buf_lit(b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
	/* "=_" appears in neither encoding of a body. */
	buf_putf(b,
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"=_%s\"\r\n",
	    id);
}

/* ---- bodies ---- */

/* Whether the character needs no encoding in quoted-printable. A line must not
 * look like the end of the message, or like the first line of another message
 * in a mailbox. */
static bool
is_literal(const char *s, size_t column)
{
	if (column == 0 &&
	    (*s == '.' || (*s == 'F' && text_starts(s, "From "))))
		return false;
	if (*s == ' ' || *s == '\t')
		return s[1] != '\n' && s[1] != '\0';
	return *s > ' ' && *s < 0x7f && *s != '=';
}

static void
put_quoted_printable(struct buf *b, const char *s)
{
	size_t column = 0;

	for (; *s != '\0'; s++) {
		bool literal = is_literal(s, column);

		if (*s == '\n') {
			buf_lit(b, "\r\n");
			column = 0;
			continue;
		}
		if (column + (literal ? 1 : 3) > LINE_MOST - 1) {
			buf_lit(b, "=\r\n");
			column = 0;
			literal = is_literal(s, column);
		}
		if (literal)
			buf_char(b, *s);
		else
			buf_putf(b, "=%02X", (unsigned char)*s);
		column += literal ? 1 : 3;
	}
	if (column > 0)
		buf_lit(b, "\r\n");
}

/* The lines of a text end with CR LF in base64, too. */
static void
put_base64_lines(struct buf *b, struct arena *a, const char *s)
{
	const size_t most = LINE_MOST / 4 * 3;
	struct buf text;

	buf_init(&text, a, 2 * MESSAGE_BODY_MOST);
	for (; *s != '\0'; s++) {
		if (*s == '\n')
			buf_lit(&text, "\r");
		buf_char(&text, *s);
	}
	for (size_t i = 0; i < text.len; i += most) {
		size_t n = text.len - i;

		put_base64(b, buf_str(&text) + i, n < most ? n : most);
		buf_lit(b, "\r\n");
	}
}

/* Whether quoted-printable is the shorter encoding: Latin text stays legible,
 * and other scripts do not triple in size. */
static bool
is_mostly_ascii(const char *s)
{
	size_t others = 0, n;

	for (n = 0; s[n] != '\0'; n++)
		if ((unsigned char)s[n] >= 0x80)
			others++;
	return others <= n / 6;
}

/* The body with all line ends as LF. */
static const char *
one_line_end(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s), *to = copy;

	for (const char *p = s; *p != '\0'; p++) {
		if (*p == '\r' && p[1] == '\n')
			continue;
		*to++ = *p == '\r' ? '\n' : *p;
	}
	*to = '\0';
	return copy;
}

static void
put_body(struct buf *b, struct arena *a, const char *id, const char *kind,
    const char *body)
{
	const char *s = one_line_end(a, body);
	bool ascii = is_mostly_ascii(s);

	buf_putf(b,
	    "\r\n--=_%s\r\nContent-Type: text/%s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: %s\r\n\r\n",
	    id, kind, ascii ? "quoted-printable" : "base64");
	if (ascii)
		put_quoted_printable(b, s);
	else
		put_base64_lines(b, a, s);
}

/* ---- the message ---- */

/* The last check against header injection: only visible ASCII, without the
 * brackets that enclose it. */
static bool
is_token(const char *s)
{
	size_t n = strlen(s);

	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("<>\"(),;", *p) != NULL)
			return false;
	return n > 0 && n <= HEADER_MOST;
}

static enum err
check(const struct message *m, struct why *why)
{
	const char *const texts[] = { m->subject, m->text, m->html,
		m->from_name != NULL ? m->from_name : "" };

	if (!is_token(m->from) || strchr(m->from, '@') == NULL)
		return why_log(why, ERR_INVALID, "mail: invalid sender");
	if (!is_token(m->to) || strchr(m->to, '@') == NULL)
		return why_log(why, ERR_INVALID, "mail: invalid recipient");
	if (m->unsubscribe != NULL && !is_token(m->unsubscribe))
		return why_log(why, ERR_INVALID,
		    "mail: invalid unsubscribe URL");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t n = strlen(texts[i]);

		if (n > MESSAGE_BODY_MOST || !text_utf8(texts[i], n))
			return why_log(why, ERR_INVALID,
			    "mail: a text is too long or not UTF-8");
	}
	return ERR_OK;
}

enum err
message_build(struct arena *a, const struct message *m, const char **ret,
    size_t *ret_n, struct why *why)
{
	enum err e = check(m, why);
	char id[UUID_TEXT];
	struct buf b;

	if (e != ERR_OK)
		return e;
	uuid_format(&m->id, id);
	buf_init(&b, a, MESSAGE_MOST);
	put_headers(&b, a, m, id);
	put_body(&b, a, id, "plain", m->text);
	put_body(&b, a, id, "html", m->html);
	buf_putf(&b, "\r\n--=_%s--\r\n", id);
	AN(!buf_failed(&b));
	*ret = buf_str(&b);
	*ret_n = b.len;
	return ERR_OK;
}
