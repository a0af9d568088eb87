#include "config.h"

#include "db/rows.h"

DB_ROW(types, struct types, DB_COL(struct types, id, DB_U64),
    DB_COL(struct types, u64, DB_U64), DB_COL(struct types, i64, DB_I64),
    DB_COL(struct types, u32, DB_U32), DB_COL(struct types, truth, DB_BOOL),
    DB_COL(struct types, number, DB_REAL), DB_COL(struct types, words, DB_TEXT),
    DB_COL(struct types, bytes, DB_BYTES), DB_COL(struct types, at, DB_TIME),
    DB_COL(struct types, uuid, DB_UUID), DB_COL(struct types, hash, DB_HASH));
static const char
    *const size_words[] = { [SIZE_SMALL] = "small", [SIZE_LARGE] = "large" };
const struct words sizes = WORDS(size_words);
DB_ROW(worded, struct worded, DB_COL(struct worded, id, DB_U64),
    DB_COL_WORD_AS(struct worded, size, "words", sizes));
DB_ROW(big, struct big, DB_COL(struct big, u32, DB_U32));
DB_ROW(session_state, struct session, DB_COL(struct session, zone, DB_TEXT),
    DB_COL(struct session, mode, DB_TEXT),
    DB_COL(struct session, isolation, DB_TEXT),
    DB_COL(struct session, charset, DB_TEXT),
    DB_COL(struct session, connection, DB_U64));
DB_ROW(sums, struct sums, DB_COL(struct sums, n, DB_U64),
    DB_COL(struct sums, total, DB_I64), DB_COL(struct sums, mean, DB_REAL));
DB_ROW(seq, struct seq, DB_COL(struct seq, seq, DB_U64),
    DB_COL(struct seq, text, DB_TEXT));
DB_ROW(seq_missing, struct seq, DB_COL(struct seq, seq, DB_U64));
DB_ROW(seq_extra, struct seq, DB_COL(struct seq, seq, DB_U64),
    DB_COL(struct seq, text, DB_TEXT),
    DB_COL_AS(struct seq, seq, "more", DB_U64));
DB_ROW(seq_name, struct seq, DB_COL_AS(struct seq, seq, "number", DB_U64),
    DB_COL(struct seq, text, DB_TEXT));
DB_ROW(seq_type, struct seq, DB_COL_AS(struct seq, text, "seq", DB_TEXT),
    DB_COL(struct seq, text, DB_TEXT));
DB_ROW(nap, struct nap, DB_COL(struct nap, nap, DB_I64));
DB_ROW(counter, struct counter, DB_COL(struct counter, n, DB_U32));
DB_ROW(mark, struct mark, DB_COL(struct mark, id, DB_U32));
DB_ROW(number, struct number, DB_COL(struct number, n, DB_U32));
