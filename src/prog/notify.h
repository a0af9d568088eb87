/* What a program tells the service manager that started it (sd_notify(3)). */
#ifndef PROG_NOTIFY_H
#define PROG_NOTIFY_H

/* The program serves: a unit of Type=notify counts as started from here. Does
 * nothing where no manager listens ($NOTIFY_SOCKET), and only once. */
void notify_ready(void);

#endif
