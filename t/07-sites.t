#!/usr/bin/perl
# The site files send each route where routes.def says that it belongs: what
# may take a while to the pool's second socket, the rest to the first; and each
# lets bodies through that are as large as the route takes. t/42-sockets.t
# holds what is read here against the servers themselves.

use strict;
use warnings;
use T::Routes;
use T::Site;
use Test::More;

my (%long, %short, $most);
for my $route (T::Routes->rows) {
    my $request = "$route->{method} " . $route->{pattern} =~ s{:\w+}{a7}gr;

    ($route->{long} ? \%long : \%short)->{$request} = 1;
    $most = $route->{body} if $route->{body} > ($most // 0);
}
cmp_ok(scalar keys %long, '>', 20, 'there are long routes');
cmp_ok(scalar keys %short, '>', 50, 'and short ones');

# A link with its password, and what is only called like it.
for my $place (qw(/api/shared /api/v1/shared /s /shared/media)) {
    $long{"GET password $place/a7"} = 1;
    $short{"HEAD password $place/a7"} = 1;
}
$short{'GET password /api/v1/shares/a7'} = 1;

# nginx: an exact location goes before one by its beginning, that before a
# pattern, that before /, where two maps decide: by the method alone, or by the
# path too.
my $nginx = join '', map { T::Site::slurp(T::Site::source(
    "etc/nginx/$_.conf.in")) } qw(http site);
my (%exact, @begin, @pattern, @map);
while ($nginx =~ /^location (=|\^~|~) (\S+) \{\n(.*?)^\}/gms) {
    my ($kind, $what, $body) = ($1, $2, $3);
    my ($to) = $body =~ /fastcgi_pass (\w+);/ or next;
    if ($kind eq '=') {
        $exact{$what} = $to;
    } elsif ($kind eq '^~') {
        push @begin, [ qr/^\Q$what\E/, $to ];
    } else {
        push @pattern, [ qr/$what/, $to ];
    }
}
my $by = quotemeta '$request_method$vitrine_password $vitrine_pool';
my ($methods) = $nginx =~
    /^map $by \{\n\tdefault\t\$vitrine_pool_by_path;\n(.*?)^\}/ms;
my %method = ($methods // '') =~ /^\t(\w+)\t(\w+);/gm;
ok(%method, 'the first map of nginx is read');
$by = quotemeta
    '"$request_method$vitrine_password $uri" $vitrine_pool_by_path';
my ($map) = $nginx =~ /^map $by \{\n(.*?)^\}/ms;
push @map, [ qr/$1/, $2 ] while ($map // '') =~ /^\t"~(\S.*?)"\s+(\w+);/gm;
cmp_ok(scalar @map, '>', 2, 'and the second');
sub nginx {
    my ($request) = @_;
    my ($asks, $path) = $request =~ m{(.*) (/.*)};

    return $exact{$path} if $exact{$path};
    for (@begin, @pattern) {
        return $_->[1] if $path =~ $_->[0];
    }
    return $method{$asks} if $method{$asks};
    for (@map) {
        return $_->[1] if $request =~ $_->[0];
    }
    return 'vitrine';
}

# Apache: the rewriting goes before what goes by the path.
my $apache = T::Site::slurp(T::Site::source('etc/apache/proxy.conf.in'))
    =~ s/\\\n\s*//gr;
my ($match) = $apache =~ /^ProxyPassMatch "([^"]+)"/m;
my ($with) = $apache =~
    /^RewriteRule "([^"]+)" "-" \[E=VITRINE_PASSWORD:\+\]/m;
$by = quotemeta '"%{REQUEST_METHOD}%{ENV:VITRINE_PASSWORD} %{REQUEST_URI}"';
my ($rule) = $apache =~ /^RewriteCond $by "([^"]+)"
RewriteRule "\^" "unix:\@long_socket\@/m;
ok($match && $with && $rule, 'the rules of Apache are read');
sub apache {
    my ($request) = @_;
    my ($method, $password, $path) = $request =~ /^(\w+) (password )?(.*)/;

    $method .= '+' if $password && $path =~ $with;
    return "$method $path" =~ $rule || $path =~ $match ? 'vitrine_long'
        : 'vitrine';
}

for my $request (sort keys %long) {
    is(nginx($request), 'vitrine_long', "nginx: $request is long");
    is(apache($request), 'vitrine_long', "Apache: $request is long");
}
# Pages of which a form is long are so themselves.
for my $request (grep { !m{ /((login|reset)$|vault/)} } sort keys %short) {
    is(nginx($request), 'vitrine', "nginx: $request is short");
    is(apache($request), 'vitrine', "Apache: $request is short");
}

# ---- bodies
my ($limit) = $nginx =~ /^client_max_body_size (\d+)m;/m;
cmp_ok($limit << 20, '>=', $most, 'nginx lets through what the routes take');
my $fcgid = T::Site::slurp(T::Site::source('etc/apache/fcgid.conf.in'));
($limit) = $fcgid =~ /^LimitRequestBody (\d+)/m;
cmp_ok($limit, '>=', $most, 'and so does mod_fcgid');

# ---- the end: the longest request, then the process that writes the rest
my $main = T::Site::slurp(T::Site::source('src/prog/fcgi_main.c'));
my $pool = T::Site::slurp(T::Site::source('src/prog/supervise.c'));
my ($longest) = $main =~ /\.drain = (\d+)/;
my ($usual) = $pool =~ /#define DEFAULT_DRAIN (\d+)/;
my ($given) = T::Site::slurp(T::Site::source(
    'etc/systemd/vitrine.service.in')) =~ /^TimeoutStopSec=(\d+)$/m;
cmp_ok($given, '>', $longest + $usual, 'systemd waits for the pool to end');

done_testing;
