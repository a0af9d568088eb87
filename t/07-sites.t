#!/usr/bin/perl
# The site files send each route where routes.def says that it belongs: what
# may take a while to the pool's second socket, the rest to the first; and each
# lets bodies through that are as large as the route takes.

use strict;
use warnings;
use Test::More;

sub slurp {
    my ($path) = @_;
    open my $fh, '<', "$ENV{top_srcdir}/$path" or die "$path: $!";
    local $/;
    return scalar <$fh>;
}

my (@long, @short);
my $routes = slurp('src/api/routes.def');
while ($routes =~ /^R\(\s*(\w+),\s*"([^"]+)",\s*(\w+),[^,]*,[^,]*,([^,]*),
        \s*([^,]*),/gmx) {
    my ($method, $pattern, $flags) = ($1, $2, $5);
    my $path = $pattern =~ s{:\w+}{a7}gr;
    push @{ $flags =~ /\bLONG\b/ ? \@long : \@short }, $path;
}
cmp_ok(scalar @long, '>', 5, 'there are long routes');
cmp_ok(scalar @short, '>', 10, 'and short ones');

# nginx: an exact location goes before a pattern, that before /.
my $nginx = slurp('etc/nginx/vitrine.conf.in');
my (%exact, @pattern);
while ($nginx =~ /^\tlocation (=|~) (\S+) \{\n(.*?)^\t\}/gms) {
    my ($kind, $what, $body) = ($1, $2, $3);
    my ($to) = $body =~ /fastcgi_pass (\w+);/ or next;
    if ($kind eq '=') {
        $exact{$what} = $to;
    } else {
        push @pattern, [ qr/$what/, $to ];
    }
}
sub nginx {
    my ($path) = @_;
    return $exact{$path} if $exact{$path};
    for (@pattern) {
        return $_->[1] if $path =~ $_->[0];
    }
    return 'vitrine';
}

my ($apache) = slurp('etc/apache/vitrine-proxy.conf.in')
    =~ /^\tProxyPassMatch "([^"]+)"/m;
sub apache { return $_[0] =~ /$apache/ ? 'vitrine_long' : 'vitrine' }

my %seen;
for my $path (grep { !$seen{$_}++ } @long) {
    is(nginx($path), 'vitrine_long', "nginx: $path is long");
    is(apache($path), 'vitrine_long', "Apache: $path is long");
}
for my $path (grep { !$seen{$_} && !m{^/vault/} } @short) {
    is(nginx($path), 'vitrine', "nginx: $path is short");
    is(apache($path), 'vitrine', "Apache: $path is short");
}

done_testing;
