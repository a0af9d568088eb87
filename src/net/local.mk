noinst_LIBRARIES += libnet.a
libnet_a_SOURCES = src/net/fetch.c src/net/fetch.h
