noinst_LIBRARIES += libnet.a
libnet_a_SOURCES = src/net/fetch.c src/net/fetch.h \
	src/net/maildir.c src/net/maildir.h \
	src/net/message.c src/net/message.h \
	src/net/smtp.c src/net/smtp.h
