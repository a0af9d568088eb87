noinst_LIBRARIES += libmodel.a
libmodel_a_SOURCES = \
	src/model/mail.c src/model/mail.h \
	src/model/media.c src/model/media.h \
	src/model/share.c src/model/share.h \
	src/model/user.c src/model/user.h \
	src/model/words.c src/model/words.h
