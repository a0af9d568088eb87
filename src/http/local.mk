noinst_LIBRARIES += libhttp.a
libhttp_a_SOURCES = \
	src/http/accept.c src/http/accept.h \
	src/http/body.c src/http/body.h \
	src/http/conditions.c src/http/conditions.h \
	src/http/fcgi.c src/http/fcgi.h \
	src/http/file.c src/http/file.h \
	src/http/multipart.c src/http/multipart.h \
	src/http/parameters.c src/http/parameters.h \
	src/http/request.c src/http/request.h \
	src/http/response.c src/http/response.h \
	src/http/urlencoded.c src/http/urlencoded.h
