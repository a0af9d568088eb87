noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/buf.c src/base/buf.h \
	src/base/cache.c src/base/cache.h \
	src/base/clock.c src/base/clock.h \
	src/base/conf.c src/base/conf.h src/base/settings.def \
	src/base/conf_check.c src/base/conf_check.h \
	src/base/sec.c src/base/sec.h \
	src/base/error.c src/base/error.h src/base/reasons.def \
	src/base/id.c src/base/id.h \
	src/base/json_in.c src/base/json_in.h \
	src/base/json_out.c src/base/json_out.h \
	src/base/log.c src/base/log.h \
	src/base/slots.c src/base/slots.h \
	src/base/stop.c src/base/stop.h \
	src/base/text.c src/base/text.h
