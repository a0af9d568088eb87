#include "config.h"

#include "image/perceptual.h"

#include <math.h>
#include <stdlib.h>

#define SIDE 32
#define WAVES 8
#define PLAIN 4.0 /* the minimum variance, of grey from 0 to 255 */

/* The grey by BT.709's weights, which are sRGB's, on white. */
static double
grey(const unsigned char *p)
{
	double v = 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];

	return 255 + (v - 255) * p[3] / 255;
}

/* How much of cell i pixel k covers, with n pixels to SIDE cells. */
static double
part(uint32_t k, uint32_t n, uint32_t i)
{
	double from = (double)k * SIDE / n, to = (k + 1.0) * SIDE / n;

	return fmax(0, fmin(to, i + 1.0) - fmax(from, i));
}

static void
squash(const unsigned char *rgba, uint32_t w, uint32_t h,
    double cells[SIDE][SIDE])
{
	uint32_t x, y, i, k;

	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++, rgba += 4) {
			double v = grey(rgba);

			for (k = y * SIDE / h; k < SIDE && part(y, h, k) > 0;
			     k++)
				for (i = x * SIDE / w;
				     i < SIDE && part(x, w, i) > 0; i++)
					cells[k][i] +=
					    v * part(y, h, k) * part(x, w, i);
		}
}

static double
variance(double cells[SIDE][SIDE])
{
	double sum = 0, squares = 0, n = SIDE * SIDE;
	int i, k;

	for (k = 0; k < SIDE; k++)
		for (i = 0; i < SIDE; i++) {
			sum += cells[k][i];
			squares += cells[k][i] * cells[k][i];
		}
	return squares / n - sum / n * sum / n;
}

/* The strength of the frequency u across and v down. */
static double
wave(double cells[SIDE][SIDE], int u, int v)
{
	double sum = 0;
	int i, k;

	for (k = 0; k < SIDE; k++)
		for (i = 0; i < SIDE; i++)
			sum += cells[k][i] *
			    cos(M_PI * u * (2 * i + 1) / (2 * SIDE)) *
			    cos(M_PI * v * (2 * k + 1) / (2 * SIDE));
	return sum;
}

static int
by_size(const void *p, const void *q)
{
	double a = *(const double *)p, b = *(const double *)q;

	return (a > b) - (a < b);
}

uint64_t
perceptual_hash(const unsigned char *rgba, uint32_t w, uint32_t h)
{
	double cells[SIDE][SIDE] = { { 0 } };
	double waves[WAVES * WAVES], sorted[WAVES * WAVES - 1];
	uint64_t hash = 1;
	int i;

	squash(rgba, w, h, cells);
	if (variance(cells) < PLAIN)
		return 0;
	for (i = 1; i < WAVES * WAVES; i++)
		sorted[i - 1] = waves[i] = wave(cells, i % WAVES, i / WAVES);
	qsort(sorted, WAVES * WAVES - 1, sizeof(sorted[0]), by_size);
	for (i = 1; i < WAVES * WAVES; i++)
		if (waves[i] > sorted[(WAVES * WAVES - 1) / 2])
			hash |= UINT64_C(1) << i;
	return hash;
}
