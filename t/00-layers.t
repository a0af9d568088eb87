#!/usr/bin/perl
# The house's order: a folder of src/ includes itself and what stands below it,
# and what is dangerous or foreign is known to one place.

use strict;
use warnings;
use File::Find qw(find);
use Test::More;

my $src = "$ENV{top_srcdir}/src";

# What each layer may include besides itself.
my @siblings = qw(image store db net http);
my %below = (base => [], model => ['base'],
    (map { $_ => [qw(base model)] } @siblings),
    core => [ @siblings, qw(base model) ],
    api => [ 'core', @siblings, qw(base model) ],
    prog => [ 'api', 'core', @siblings, qw(base model) ]);
# The picture helper's operations stand on nothing that the others bring.
my $helper = qr{^(image/|prog/image_main\.c$)};

# Foreign headers and the files that may include them.
my @foreign = (
    [ qr{^(wand/|magick/|MagickWand|MagickCore)}, $helper ],
    [ qr{^(jpeglib|jerror|turbojpeg)}, $helper ],
    [ qr{^(libav|libsw)}, $helper ],
    [ qr{^(seccomp\.h|linux/seccomp\.h)}, $helper ],
    [ qr{^(fcgiapp|fcgi_stdio|fcgios|fcgi_config)}, qr{^http/fcgi\.c$} ],
    [ qr{^(mysql|mariadb)}, qr{^db/} ],
    [ qr{^curl/}, qr{^net/} ],
    [ qr{^idn2}, qr{^core/mail/address\.c$} ],
    [ qr{^sodium}, qr{^base/} ],
    [ qr{^(jwt|json-c/|json\.h|ini\.h)}, qr{^(base|core)/} ],
);

# Headers that are made of what lies beside them.
sub made {
    my ($path) = @_;
    return $path =~ /\.h$/ && grep { -e $path =~ s/\.h$/.$_/r } qw(css json);
}

my (%file, @bad);
find({ no_chdir => 1, wanted => sub {
    return if !-f || !/\.(c|h|def)$/;
    return if made($_);
    open my $fh, '<', $_ or die "$_: $!";
    local $/;
    $file{ s{^\Q$src\E/}{}r } = <$fh>;
} }, $src);

# Comments out, line numbers kept.
sub code {
    my ($text) = @_;
    return $text =~ s{("(?:\\.|[^"\\\n])*")|/\*.*?\*/}
        { defined $1 ? $1 : $& =~ tr/\n//cdr }gesr;
}

sub each_line {
    my ($test) = @_;
    my @found;

    for my $name (sort keys %file) {
        my $n = 0;
        for my $line (split /\n/, code($file{$name})) {
            $n++;
            my $fault = $test->($name, $line);
            push @found, "src/$name:$n: $fault" if $fault;
        }
    }
    return @found;
}

cmp_ok(scalar keys %file, '>', 30, 'the source is there');

@bad = grep { !m{^([a-z]+)/(?:[a-z]+/)?[a-z0-9_]+\.(c|h|def)$} || !$below{$1} }
    keys %file;
is_deeply(\@bad, [], 'every file lies in a layer');

@bad = each_line(sub {
    my ($name, $line) = @_;
    my ($layer) = $name =~ m{^(\w+)/} or return;
    my ($other) = $line =~ m{^\s*#\s*include\s*"(\w+)/[^"]+"} or return;

    return if $other eq $layer || grep { $_ eq $other } @{ $below{$layer} };
    return "$layer may not include $other";
});
is(join("\n", @bad), '', 'no layer reaches up or beside itself');

@bad = each_line(sub {
    my ($name, $line) = @_;
    my ($path) = $line =~ m{^\s*#\s*include\s*"([^"]+)"} or return;

    return if $path eq 'config.h' || exists $file{$path}
        || made("$src/$path");
    return "there is no src/$path";
});
is(join("\n", @bad), '', 'every header of our own is named from src/');

@bad = each_line(sub {
    my ($name, $line) = @_;
    my ($path) = $line =~ m{^\s*#\s*include\s*<([^>]+)>} or return;

    for my $rule (@foreign) {
        return "<$path> is not for this file"
            if $path =~ $rule->[0] && $name !~ $rule->[1];
    }
    return;
});
is(join("\n", @bad), '', 'foreign headers stay in their places');

# The clients of the helper that live beside its operations link nothing that
# reads pictures: only what the helper alone is made of may.
my %decoder = map { $_ => 1 } grep {
    m{^image/} && $file{$_} =~ m{#include <(wand/|jpeglib|libav|seccomp)} }
    keys %file;
@bad = each_line(sub {
    my ($name, $line) = @_;
    my ($path) = $line =~ m{^\s*#\s*include\s*"([^"]+)"} or return;
    return if !$decoder{$path} || $decoder{$name} || $name =~ $helper;
    return "$path brings in what reads pictures";
});
is(join("\n", @bad), '', 'no other file sees what reads pictures');

my $sql = qr{"\s*(SELECT\s|INSERT\s+(IGNORE\s+)?INTO\s|UPDATE\s+\w+\s+SET\s
    |DELETE\s+FROM\s|REPLACE\s+INTO\s|CREATE\s+TABLE\s|ALTER\s+TABLE\s
    |START\s+TRANSACTION|COMMIT\b|ROLLBACK\b)}x;
@bad = each_line(sub {
    my ($name, $line) = @_;
    return $line =~ $sql && $name !~ m{^db/} ? 'SQL outside src/db' : ();
});
is(join("\n", @bad), '', 'SQL stands in src/db alone');

@bad = ();
for my $name (grep { /\.c$/ } sort keys %file) {
    my ($first) = code($file{$name}) =~ m{^\s*#\s*include\s*(\S+)}m;
    my $own = $name =~ s/\.c$/.h/r;
    my (undef, $second) = code($file{$name}) =~
        m{^\s*#\s*include\s*(\S+).*?^\s*#\s*include\s*(\S+)}ms;

    push @bad, "src/$name: begins with $first"
        if ($first // '') ne '"config.h"';
    push @bad, "src/$name: its own header comes second"
        if exists $file{$own} && ($second // '') ne "\"$own\"";
}
is(join("\n", @bad), '', 'each file begins with config.h and its own header');

done_testing;
