/* The rows of the statements beside this file, in place of src/db's. */
#ifndef DB_ROWS_H
#define DB_ROWS_H

#include "db/db.h"

struct types {
	uint64_t id;
	uint64_t u64;
	int64_t i64;
	uint32_t u32;
	bool truth;
	double number;
	const char *words;
	struct db_bytes bytes;
	int64_t at;
	struct uuid uuid;
	struct hash hash;
};

struct session {
	const char *zone;
	const char *mode;
	const char *isolation;
	const char *charset;
	uint64_t connection;
};

struct seq {
	uint64_t seq;
	const char *text;
};

struct sums {
	uint64_t n;
	int64_t total;
	double mean;
};

enum size { SIZE_SMALL = 1, SIZE_LARGE };

extern const struct words sizes;

struct worded {
	uint64_t id;
	enum size size;
};

struct big {
	uint32_t u32;
};

struct counter {
	uint32_t n;
};

struct nap {
	int64_t nap;
};

struct mark {
	uint32_t id;
};

struct number {
	uint32_t n;
};

extern const struct db_row row_types;
extern const struct db_row row_worded;
extern const struct db_row row_big;
extern const struct db_row row_session_state;
extern const struct db_row row_sums;
extern const struct db_row row_seq;
extern const struct db_row row_seq_missing;
extern const struct db_row row_seq_extra;
extern const struct db_row row_seq_name;
extern const struct db_row row_seq_type;
extern const struct db_row row_nap;
extern const struct db_row row_counter;
extern const struct db_row row_mark;
extern const struct db_row row_number;
extern const struct db_row row_migration;

#endif
