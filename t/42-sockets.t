#!/usr/bin/perl
# Which of the pool's sockets a request comes to through nginx and Apache: what
# hashes a password never blocks what does not; no password of a
# link gets into any log, however it was sent; and the servers send
# the pictures of view-only shares.

use strict;
use warnings;
use T::Apache;
use T::App;
use T::Nginx;
use T::Pictures;
use T::Site;
use Test::More;

T::Pictures->need;
for my $server ('T::Nginx', 'T::Apache') {
    next if $server->available;
    die "$server is needed\n" if $ENV{VITRINE_TEST_ALL};
    plan(skip_all => "$server is needed");
}
my $app = T::App->new(worker => 0, workers => 1, long_workers => 1);
my $secret = 'Sesame-4711';
my $marks = 0;

# A token that is no link's; its requests are found in the log by it.
sub mark { return sprintf '00000000-0000-4000-8000-%012d', ++$marks }

# Which process has answered the last request with the mark.
sub process {
    my ($mark) = @_;
    my @lines = grep { /event=request / && /\Q$mark\E/ }
        split /\n/, $app->log;

    return @lines && $lines[-1] =~ / pid=(\d+) / ? $1 : 'none';
}

# How many connections are held to a socket of the pool.
sub connections {
    my ($path) = @_;
    return scalar grep { / 03 +\d+ \Q$path\E$/ }
        split /\n/, T::Site::slurp('/proc/net/unix');
}

my %socket;
for my $name (qw(short long)) {
    my $mark = mark();
    my $where = $name eq 'long' ? $app->long_socket : $app->socket;
    T::Client->fcgi($where)->get("/s/$mark");
    $socket{ process($mark) } = $name;
}
is(join(' ', sort values %socket), 'long short', 'two processes');

my ($client) = $app->signed_in('ann');
my $cookie = 'connect.sid=' . $client->cookie('connect.sid');

# What is sent where: method, path with % for the mark, query, options.
my @links = map { "$_/%" } qw(/s /shared/media /api/shared /api/v1/shared);
my %password = ('X-Share-Password' => $secret);
my @cases = (
    (map { [ short => GET => $_ ] } @links),
    (map { [ short => GET => $_, 'password=' ] } @links),
    (map { [ short => GET => $_, "apassword=x" ] } @links),
    (map { [ long => GET => $_, "password=$secret" ] } @links),
    (map { [ long => GET => $_, "limit=5&password=$secret" ] } @links),
    (map { [ long => GET => $_, '', headers => { %password } ] } @links),
    (map { [ short => HEAD => $_, "password=$secret" ] } @links),
    (map { [ short => GET => "$_/items", '', headers => { %password } ] }
        '/api/shares/%', '/api/v1/shares/%'),
    (map { [ long => POST => $_, '', form => [ password => $secret ] ] }
        '/s/%', '/shared/media/%'),
    (map { [ long => POST => "$_/shared/%/unlock", '',
        json => { password => $secret } ] } qw(/api /api/v1)),
    (map { [ long => PATCH => "$_/shares/%", '', headers => {
        Cookie => $cookie }, json => { password => $secret } ] }
        qw(/api /api/v1)),
    (map { [ short => GET => "$_/shares/%" ], [ short => DELETE =>
        "$_/shares/%" ] } qw(/api /api/v1)),
    (map { [ long => POST => "$_/asset/%/share", '', headers => {
        Cookie => $cookie }, json => { password => $secret } ],
        [ long => PUT => "$_/share/%", '', headers => { Cookie => $cookie },
            json => { password => $secret } ],
        [ short => GET => "$_/share/%" ], [ short => DELETE => "$_/share/%" ],
        [ short => POST => "$_/share/expire/%" ],
        [ short => POST => "$_/share/%/notification", '', json => {} ] }
        '', '/api'),
    [ short => GET => '/api/v2/shareable_links/%' ],
    [ long => GET => '/s/%/preview' ], [ long => GET => '/view/%/a.jpg' ],
    [ long => GET => '/thumb/%/a.jpg' ], [ short => GET => '/file/%/a.jpg' ],
);
my %new = (target_type => 'media', recipient_type => 'public_link',
    password => $secret);

# A link for viewing, without download.
my $file = $client->post('/api/user/media', multipart => [ file => {
    filename => 'a.jpg', body => T::Pictures->content('IMG_1054.JPG') } ])
    ->json->{files}[0];
my $link = $client->post('/api/v1/shares', json => { %new,
    target_id => $file->{uuid} })->json;
my $shown = $app->client->get("/api/v1/shared/$link->{public_token}",
    headers => { %password })->json->{items}[0];
like($shown->{url}, qr{^http://localhost/view/}, 'a picture to look at');

for my $name (qw(nginx proxy)) {
    my $web = $name eq 'nginx' ? T::Nginx->new($app)
        : T::Apache->new($app, 'proxy');

    # Twice: over connections that are kept as well.
    for my $case (@cases, @cases) {
        my ($want, $method, $path, $query, %o) = @$case;
        my $mark = mark();
        my $target = $path =~ s/%/$mark/r;
        my $r = $web->client->request($method, length($query // '')
            ? "$target?$query" : $target, %o);

        like($r->status, qr/^40[134]$/, "$name: $method $path: an answer");
        is($socket{ process($mark) }, $want, "$name: $method $path"
            . (length($query // '') ? "?$query" : '')
            . ($o{headers}{'X-Share-Password'} ? ' with a header' : '')
            . ": $want");
    }
    for my $path (qw(/api/shares /api/v1/shares /share /api/share)) {
        my $mark = mark();
        my $r = $web->client->post($path, headers => { Cookie => $cookie },
            json => { %new, target_id => $mark, assetId => $mark });
        my ($line) = reverse grep { m{ method=POST path="?$path"? } }
            split /\n/, $app->log;

        is($r->status, 404, "$name: POST $path: no such media");
        is($socket{ ($line // '') =~ / pid=(\d+) / ? $1 : '' }, 'long',
            "$name: POST $path: long");
    }
    for my $url (@$shown{qw(url thumbnail_url)}) {
        my $path = $url =~ s{^http://localhost}{}r;
        my $r = $web->client->get($path);

        is($r->status, 200, "$name: " . $path =~ s{^(/\w+/).*}{$1}r);
        is(substr($r->body, 0, 3), "\xff\xd8\xff", "$name: a JPEG");
        is($web->client->get($path, headers => { Range => 'bytes=0-9' })
            ->body, substr($r->body, 0, 10), "$name: a part of it");
    }
    my $note = 'x' x 1_500_000;
    is($web->client->post('/api/v1/shares', headers => { Cookie => $cookie },
        json => { %new, target_id => mark(), unknown => $note })->status, 404,
        "$name: a body of the route's limit");
    cmp_ok(connections($app->socket), '>', 0,
        "$name: connections to the first socket are kept");
    ok(T::Proc->until_true(5, sub { !connections($app->long_socket) }),
        "$name: those to the second are not");
    ok(length $web->access_log, "$name: requests are logged");
    unlike($web->access_log . $web->log, qr/\Q$secret\E/,
        "$name: no password in its logs");
    $web->stop;
}
my @kept = $app->objects('views');
is(scalar @kept, 1, 'the picture is kept');
unlike($app->log, qr/\Q$secret\E/, "nor in the pool's");

$app->finish;
done_testing;
