#!/usr/bin/perl
# Functions that are not for this house, and marks that a change was not
# finished.

use strict;
use warnings;
use File::Find qw(find);
use Test::More;

my %instead = (
    (map { $_ => 'buf_*, snprintf or memcpy' } qw(strcpy strcat strncpy strncat
        sprintf vsprintf stpcpy)),
    (map { $_ => 'a reader with a limit' } qw(gets scanf sscanf fscanf)),
    (map { $_ => 'strtoll with its errors' } qw(atoi atol atoll atof)),
    (map { $_ => 'strtok_r, or slices' } qw(strtok)),
    (map { $_ => 'a program and its arguments, without a shell' }
        qw(system popen)),
    (map { $_ => 'an arena' } qw(alloca strdupa)),
    (map { $_ => 'base/id.h or libsodium' } qw(rand srand random srandom
        drand48)),
    (map { $_ => 'an open file without a name' } qw(tmpnam tempnam mktemp
        tmpfile)),
    (map { $_ => 'their _r forms' } qw(gmtime localtime asctime ctime
        strerror_l getpwnam getgrnam gethostbyname)),
    (map { $_ => 'sigaction' } qw(signal siginterrupt)),
    (map { $_ => 'openat2 beneath a folder' } qw(chdir chroot)),
    setjmp => 'results', longjmp => 'results',
);
# Functions that may be used in some places.
my %only = (
    exit => qr{^src/prog/|^src/image/op_}, _exit => qr{^src/(prog|image|http)/},
    abort => qr{^src/base/}, fork => qr{^src/prog/},
    vfork => qr{^src/image/},
    # What lives as long as the program, or is a library's to free.
    (map { $_ => qr{^src/(base|db|image|prog)/|^src/http/fcgi\.c} }
        qw(malloc calloc realloc)),
    setjmp => qr{^src/image/}, longjmp => qr{^src/image/},
);
my @banned = sort keys %{ { %instead, map { $_ => 1 } keys %only } };
my $call = join '|', map { quotemeta } @banned;

my (@bad, @unfinished, @places, @long);
my $files = 0;
find({ no_chdir => 1, wanted => sub {
    my $path = $_;
    return if !-f || $path !~ /\.(c|h|def)$/;
    # Made of what lies beside it.
    return if $path =~ /\.h$/
        && grep { -e $path =~ s/\.h$/.$_/r } qw(css json);
    my $name = $path =~ s{^\Q$ENV{top_srcdir}\E/}{}r;
    open my $fh, '<', $path or die "$path: $!";
    my $text = do { local $/; <$fh> };
    my $n = 0;

    $files++;
    for (split /\n/, $text) {
        $n++;
        push @unfinished, "$name:$n" if /\b(TODO|FIXME|XXX|HACK)\b/;
        push @places, "$name:$n" if m{(?<![\w.])/(work|root|home)/};
    }
    push @long, "$name: $n lines" if $n > 800;
    # Comments and the insides of strings out.
    $text =~ s{"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|/\*.*?\*/}
        { '"' . ($& =~ tr/\n//cdr) . '"' }ges;
    $n = 0;
    for my $line (split /\n/, $text) {
        $n++;
        while ($line =~ /(?<![\w.>])($call)\s*\(/g) {
            my $f = $1;
            next if $only{$f} && $name =~ $only{$f};
            push @bad, "$name:$n: $f()"
                . ($instead{$f} ? "; take $instead{$f}" : '');
        }
    }
} }, "$ENV{top_srcdir}/src");

cmp_ok($files, '>', 30, 'the source is there');
is(join("\n", @bad), '', 'no banned function');
is(join("\n", @unfinished), '', 'nothing is marked as unfinished');
is(join("\n", @places), '', 'no path of a particular machine');
is(join("\n", @long), '', 'no file is too long');

done_testing;
