#include "config.h"

#include "core/mail/address.h"

#include <idn2.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define DOMAIN_MOST 253
#define LABEL_MOST 63

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* A dot-atom (RFC 5322, 3.2.3). */
static bool
is_local(const char *s, size_t n)
{
	char before = '.';

	if (n < 1 || n > MAIL_LOCAL_MOST || s[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '.' && before == '.')
			return false;
		if (s[i] != '.' && !is_letter_or_digit(s[i]) &&
		    (s[i] == '\0' ||
			strchr("!#$%&'*+-/=?^_`{|}~", s[i]) == NULL))
			return false;
		before = s[i];
	}
	return true;
}

/* A label of letters, digits and inner hyphens; *ret_number: of digits only. */
static bool
is_label(const char *s, size_t n, bool *ret_number)
{
	*ret_number = true;
	if (n < 1 || n > LABEL_MOST || s[0] == '-' || s[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] != '-' && !is_letter_or_digit(s[i]))
			return false;
		if (s[i] < '0' || s[i] > '9')
			*ret_number = false;
	}
	return true;
}

static bool
is_domain(const char *s)
{
	bool number = false;

	if (strlen(s) > DOMAIN_MOST)
		return false;
	for (;;) {
		size_t n = strcspn(s, ".");

		if (!is_label(s, n, &number))
			return false;
		if (s[n] == '\0')
			break;
		s += n + 1;
	}
	/* 192.0.2.1 is an IP address, not a domain. */
	return !number;
}

/* The domain in ASCII; NULL if it is invalid. */
static const char *
domain_in_ascii(struct arena *a, const char *domain)
{
	const char *ret = NULL;
	char *found = NULL;

	if (idn2_to_ascii_8z(domain, &found,
		IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK &&
	    is_domain(found))
		ret = arena_strdup(a, found);
	idn2_free(found);
	return ret;
}

enum err
mail_address_check(struct arena *a, struct why *why, enum about about,
    const char *address, const char **ret)
{
	const char *at = strrchr(address, '@'), *domain, *whole;
	size_t n = strlen(address);

	if (n > 4 * MAIL_ADDRESS_MOST)
		return why_with(why, WHY_EMAIL_LONG, .about = about);
	if (at == NULL || !text_utf8(address, n))
		return why_with(why, WHY_BAD_EMAIL, .about = about);
	if (at - address > MAIL_LOCAL_MOST)
		return why_with(why, WHY_BAD_EMAIL_LOCAL_LONG, .about = about,
		    .most = MAIL_LOCAL_MOST);
	if (!is_local(address, (size_t)(at - address)))
		return why_with(why, WHY_BAD_EMAIL_LOCAL, .about = about);
	if ((domain = domain_in_ascii(a, at + 1)) == NULL)
		return why_with(why, WHY_BAD_EMAIL_DOMAIN, .about = about);
	whole =
	    arena_printf(a, "%.*s@%s", (int)(at - address), address, domain);
	if (strlen(whole) > MAIL_ADDRESS_MOST)
		return why_with(why, WHY_EMAIL_LONG, .about = about);
	*ret = whole;
	return ERR_OK;
}
