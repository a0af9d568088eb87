#!/usr/bin/perl
# The root of the tree contains only what is meant to be there. Of a
# checkout, what git tracks or would add counts; of a copy or a tarball, all
# but what is made there. contrib/check has both: VITRINE_CHECKOUT is the first.

use strict;
use warnings;
use Test::More;

my @meant = qw(COPYING Makefile.am NEWS README configure.ac contrib etc sql
    src t);
# Only in a checkout.
my @checkout = qw(.ci .clang-format .editorconfig .git .git-blame-ignore-revs
    .gitattributes .gitignore);
# Made by autoreconf, make distcheck, and configure where it runs in the tree.
my @made = qw(_build _inst Makefile Makefile.in aclocal.m4 autom4te.cache build-aux config.h
    config.h.in config.h.in~ config.log config.status configure configure~
    stamp-h1);

# The names that count, and whether it is a checkout.
sub names_in {
    my ($root) = @_;

    if (!-e "$root/.git") {
        opendir my $dh, $root or die "$root: $!";
        return (0, grep { !/^\.\.?$/ } readdir $dh);
    }
    open my $fh, '-|', 'git', '-c', 'safe.directory=*', '-C', $root,
        'ls-files', '-z', '--cached', '--others', '--exclude-standard'
        or die "git: $!";
    my %seen = map { s{/.*}{}sr => 1 } split /\0/, do { local $/; <$fh> // '' };
    close $fh or die 'git ls-files fails';
    return (1, grep { -e "$root/$_" } keys %seen);
}

for my $root ($ENV{top_srcdir}, $ENV{VITRINE_CHECKOUT} // ()) {
    my ($is_checkout, @names) = names_in($root);
    my %known = map { $_ => 1 } @meant, @checkout, $is_checkout ? () : @made;

    is(join("\n", grep { !$known{$_} } sort @names), '',
        'nothing else is in the root');
    is(join("\n", grep { !-e "$root/$_" } @meant), '',
        'all that is meant is there');
}

done_testing;
