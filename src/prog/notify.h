/* Notifies the service manager that started the program (sd_notify(3)). */
#ifndef PROG_NOTIFY_H
#define PROG_NOTIFY_H

/* Reports that the program is ready, which completes the start of a unit of
 * Type=notify. Does nothing without $NOTIFY_SOCKET or when called again. */
void notify_ready(void);

#endif
