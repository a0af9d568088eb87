#include "config.h"

#include "prog/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

#define MESSAGE "READY=1"

/* A path, or an abstract name, which begins with '@'. */
static socklen_t
address_of(const char *where, struct sockaddr_un *sa)
{
	size_t n = strlen(where);

	if (n < 2 || n >= sizeof(sa->sun_path) ||
	    (where[0] != '/' && where[0] != '@'))
		return 0;
	memset(sa, 0, sizeof(*sa));
	sa->sun_family = AF_UNIX;
	memcpy(sa->sun_path, where, n);
	if (where[0] == '@')
		sa->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

void
notify_ready(void)
{
	const char *where = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sa;
	socklen_t n;
	int fd;

	if (where == NULL)
		return;
	n = address_of(where, &sa);
	fd = n == 0 ? -1 : socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    sendto(fd, MESSAGE, strlen(MESSAGE), MSG_NOSIGNAL,
		(const struct sockaddr *)&sa, n) < 0)
		log_warn("notify", "socket=%s", log_quote(where));
	if (fd >= 0)
		close(fd);
	unsetenv("NOTIFY_SOCKET");
}
