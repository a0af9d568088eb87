noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/beneath.c src/store/beneath.h \
	src/store/fs.c src/store/fs.h \
	src/store/ops.c src/store/ops.h \
	src/store/store.h
