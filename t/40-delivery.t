#!/usr/bin/perl
# Files on their way out: signed addresses, conditions and ranges, names of
# every kind; the same answers through nginx, both of Apache's modules, and
# from the pool itself where no server sends files.

use strict;
use warnings;
use Encode ();
use JSON::PP ();
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
my $app = T::App->new(worker => 0);
my ($client, $ann) = $app->signed_in('ann');
my $photo = T::Pictures->content('IMG_1054.JPG');

# Names as bytes.
my @names = map { Encode::encode('UTF-8', $_) } ('plain.jpg',
    'with space.jpg', "quote\"s 'and' \\back.jpg", '100% %41 %2F.jpg',
    "smile \x{1f600} \x{e9}.jpg", "\x{202e}gpj.\x{5d0}\x{5d1} right.jpg",
    'a?b#c&d=e+f;g.jpg', "tab\tand\nline.jpg", '<b>.jpg');
$app->drop($ann, 'Uploads', $_, content => $photo) for @names;
$app->drop($ann, 'Uploads', 'page.jpg', content => '<html><script>1</script>');
$app->drop($ann, 'Uploads', 'clip.mp4',
    from => T::Pictures->path('cockatoo.mp4'));

sub path { return $_[0] =~ s{^http://localhost}{}r }
sub refresh { return map { Encode::encode('UTF-8', $_->{originalName}) => $_ }
    $app->files($client) }
my %file = refresh();
is_deeply([ sort grep { !/^(page|clip)/ } keys %file ], [ sort @names ],
    'every name is in the list');
is({ refresh() }->{'plain.jpg'}{url}, $file{'plain.jpg'}{url},
    'a URL stays the same');

my $code = $client->post("/api/media/$file{'plain.jpg'}{id}/share",
    json => { shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
        tags => ['nature'] })->json;
my $secret = 'a-word-in-the-query';

sub same_everywhere {
    my ($name, $web) = @_;
    my $guest = $web ? $web->client : $app->client;
    my $url = path($file{'plain.jpg'}{url});
    my $n = length $photo;

    my $r = $guest->get($url);
    is($r->status, 200, "$name: opens without a cookie") or diag($r->body);
    ok($r->body eq $photo, "$name: complete");
    is($r->header('Content-Type'), 'image/jpeg', "$name: its type");
    is($r->header('Content-Length'), $n, "$name: its length");
    is($r->header('X-Content-Type-Options'), 'nosniff', "$name: nosniff");
    like($r->header('Content-Disposition') // 'inline', qr/^inline/,
        "$name: shown");
    like($r->header('Cache-Control'), qr/private/, "$name: private");
    is($r->header('Accept-Ranges'), 'bytes', "$name: ranges are announced");
    is($r->header('X-Sendfile'), undef, "$name: no header of ours is left");
    is($r->header('X-Accel-Redirect'), undef, "$name: nor of nginx's");
    my $tag = $r->header('ETag');
    my $date = $r->header('Last-Modified');
    like($tag, qr/^"[^"]{4,}"$/, "$name: a strong tag ($tag)");

    my $head = $guest->head($url);
    is($head->status, 200, "$name: HEAD");
    is($head->header('Content-Length'), $n, "$name: HEAD has the length");
    is($head->header('ETag'), $tag, "$name: HEAD has the tag");
    is($head->body, '', "$name: HEAD sends nothing");

    for my $case (
        [ 'bytes=0-0', 206, 0, 1 ], [ 'bytes=100-199', 206, 100, 100 ],
        [ 'bytes=-50', 206, $n - 50, 50 ],
        [ 'bytes=' . ($n - 5) . '-', 206, $n - 5, 5 ],
        [ "bytes=10-$n", 206, 10, $n - 10 ],
    ) {
        my ($range, $status, $at, $length) = @$case;
        $r = $guest->get($url, headers => { Range => $range });
        is($r->status, $status, "$name: $range");
        ok($r->body eq substr($photo, $at, $length), "$name: $range: bytes");
        is($r->header('Content-Range'), sprintf('bytes %d-%d/%d', $at,
            $at + $length - 1, $n), "$name: $range is in the answer");
    }
    $r = $guest->get($url, headers => { Range => "bytes=$n-" });
    is($r->status, 416, "$name: a range behind the end");
    is($r->header('Content-Range'), "bytes */$n", "$name: and the length");
    is($r->header('X-Sendfile'), undef, "$name: nothing of ours");
    is($guest->get($url, headers => { Range => 'lines=1-2' })->status, 200,
        "$name: another unit is ignored");
    for my $range ('bytes=5-1', 'bytes=', 'bytes=x-y') {
        is($guest->get($url, headers => { Range => $range })->status, 416,
            "$name: $range is refused");
    }

    for my $case (
        [ 304, 'If-None-Match' => $tag ], [ 304, 'If-None-Match' => '*' ],
        [ 304, 'If-None-Match' => "\"x\", W/$tag" ],
        [ 200, 'If-None-Match' => '"x"' ],
        [ 304, 'If-Modified-Since' => $date ],
        [ 200, 'If-Modified-Since' => 'Sun, 06 Nov 1994 08:49:37 GMT' ],
        [ 200, 'If-Modified-Since' => 'yesterday' ],
        [ 412, 'If-Match' => '"x"' ], [ 200, 'If-Match' => $tag ],
        [ 412, 'If-Unmodified-Since' => 'Sun, 06 Nov 1994 08:49:37 GMT' ],
        [ 206, 'If-Range' => $tag, Range => 'bytes=0-9' ],
        [ 200, 'If-Range' => '"x"', Range => 'bytes=0-9' ],
        [ 304, 'If-None-Match' => $tag, Range => 'bytes=0-9' ],
    ) {
        my ($status, %header) = @$case;
        $r = $guest->get($url, headers => \%header);
        is($r->status, $status, "$name: @{[ %header ]}");
        is($r->header('ETag'), $tag, "$name: with the tag")
            if $status == 304;
        is($r->header('X-Sendfile'), undef, "$name: nothing of ours");
    }

    for my $n (sort keys %file) {
        my $shown = $n =~ s/[\t\n]/ /gr;
        $r = $guest->get(path($file{$n}{url}));
        is($r->status, 200, "$name: $shown");
        if ($n eq 'page.jpg') {
            like($r->header('Content-Disposition'), qr/^attachment/,
                "$name: unsupported types are not shown inline");
            unlike($r->header('Content-Type'), qr/html|jpeg/,
                "$name: nor called something");
            next;
        }
        ok($r->body eq ($n eq 'clip.mp4' ? T::Pictures->content('cockatoo.mp4')
            : $photo), "$name: $shown: the bytes");
    }

    # Every part of the address is signed.
    my ($bare, $query) = split /\?/, $url, 2;
    for my $forged ($bare, "$bare?", "$url&d=1", "$url&x=1",
        $url =~ s/([?&]e=)(\d+)/$1 . ($2 + 1)/er,
        $url =~ s{(/file/[^/]*)(.)/}{"$1" . ($2 eq '0' ? '1' : '0') . '/'}er,
        "$bare-?$query", $url =~ s/(.)$/$1 eq 'A' ? 'B' : 'A'/er,
        substr($url, 0, -1)) {
        next if $forged eq $url;
        my $status = $guest->get($forged)->status;
        if ($forged eq "$url&x=1") {
            cmp_ok($status, '<', 500, "$name: a parameter more");
            next;
        }
        is($status, 404, "$name: forged: ..." . substr $forged, -30);
    }
    is($guest->get("/api/tags?password=$secret")->status, 200,
        "$name: a secret in a query");
    return ($tag, $date);
}

my ($tag, $date) = same_everywhere('pool');

my $nginx = T::Nginx->new($app);
is_deeply([ same_everywhere('nginx', $nginx) ], [ $tag, $date ],
    'nginx sends the same tag and time');
my $proxy = T::Apache->new($app, 'proxy');
is_deeply([ same_everywhere('proxy_fcgi', $proxy) ], [ $tag, $date ],
    'Apache sends the same tag and time');

# ---- what the web server sends by itself, and what it hides
for my $case ([ nginx => $nginx ], [ proxy_fcgi => $proxy ]) {
    my ($name, $web) = @$case;
    my $guest = $web->client;
    my $path = path($code->{publicUrl});
    my $r = $guest->get($path);

    is($r->status, 200, "$name: a shared object");
    is($r->header('Cache-Control'), 'public, max-age=300', "$name: cached");
    is($r->header('X-Content-Type-Options'), 'nosniff', "$name: nosniff");
    like($r->header('Content-Security-Policy'), qr/sandbox/, "$name: a box");
    ok($r->header('ETag'), "$name: a tag");
    is($guest->get($path, headers => { 'If-None-Match' => $r->header('ETag') })
        ->status, 304, "$name: a condition");
    is($guest->get($path, headers => { Range => 'bytes=0-4' })->status, 206,
        "$name: a range");
    like($guest->get('/general/')->status, qr/^40[34]$/, "$name: no listing");
    is($guest->get('/general/none.jpg')->status, 404, "$name: none");
    for my $target ("/-/storage/user-media/$file{'plain.jpg'}{path}",
        "/general/../user-media/$file{'plain.jpg'}{path}",
        "/general/%2e%2e/user-media/$file{'plain.jpg'}{path}",
        "/general/..%2fuser-media/$file{'plain.jpg'}{path}",
        "/user-media/$file{'plain.jpg'}{path}", '/-/', '/general/..%2f..%2f'
        . 'vitrine.conf') {
        my $r = $guest->get($target);
        like($r->status, qr/^40[0-4]$/, "$name: $target");
    }
    symlink '/etc/passwd', $app->storage . '/general/link.jpg';
    unlike($guest->get('/general/link.jpg')->body, qr/root:/,
        "$name: a link is not followed");
    unlink $app->storage . '/general/link.jpg';
    is($guest->get('/api/auth/me', headers => { 'X-API-KEY' =>
        $app->key('ann') })->status, 200, "$name: a key gets through");
    my $token = $guest->post('/api/auth/token', json => { username => 'ann',
        password => $ann->{password} })->json->{access_token};
    is($guest->get('/api/auth/me', headers => {
        Authorization => "Bearer $token" })->status, 200,
        "$name: a token gets through");
    is($guest->post('/api/auth/login', json => { username => 'x' x 2000000 })
        ->status, 413, "$name: a body that is too large");
    my $up = $client->request('GET', '/api/auth/me')->status;
    $r = $guest->post('/api/user/media', headers => {
        Authorization => "Bearer $token" }, multipart => [ file => {
            filename => "$name.jpg", body => $photo . "\0" x 3000000 } ]);
    is($r->status, 201, "$name: an upload of some size") or diag($r->body);
    ok($web->access_log =~ /plain/, "$name: requests are logged");
    ok($web->access_log !~ /\Q$secret\E|[?&][ek]=/,
        "$name: without their queries");
}

# ---- a file that is replaced between list and delivery
my $path = $app->storage . "/user-media/$file{'<b>.jpg'}{path}";
unlink $path;
symlink '/etc/passwd', $path;
my $r = $app->client->get(path($file{'<b>.jpg'}{url}));
is($r->status, 404, 'a link in the place of a file opens nothing');
is($client->delete("/api/user/media/$file{'with space.jpg'}{id}")->status,
    204, 'deleted');
is($app->client->get(path($file{'with space.jpg'}{url}))->status, 404,
    'the address of a deleted file is dead');
$app->admin_ok('user', 'disable', 'ann');
is($app->client->get(path($file{'plain.jpg'}{url}))->status, 404,
    "and those of a disabled account's");
$app->admin_ok('user', 'enable', 'ann');

# ---- answers of the web servers themselves, which are not documented
sub plainly {
    my ($web, $method, $target, %o) = @_;
    return $web->client->{over}->(method => $method, target => $target, %o);
}

my $large = plainly($nginx, POST => '/api/v1/shares', body => 'x' x (3 << 20));
is($large->status, 413, 'nginx: a body over the limit');
like($large->json->{error}, qr/larger/, 'nginx: in JSON for the API');
for my $web ($nginx, $proxy) {
    is(plainly($web, POST => '/api/user/media', body => 'x' x 65536, headers => {
        'Content-Length' => 3 << 30,
        'Content-Type' => 'multipart/form-data; boundary=b' })->status, 401,
        'an upload of a stranger is not waited for');
}
$app->stop;
for my $case ([ nginx => $nginx, 502 ], [ proxy_fcgi => $proxy, 503 ]) {
    my ($name, $web, $status) = @$case;
    my $r = plainly($web, GET => '/api/user/media');

    is($r->status, $status, "$name: the pool is down");
    like($r->header('Content-Type'), qr{^application/json},
        "$name: JSON for the API");
    like($r->json->{message}, qr/not answering/, "$name: in the site's words");
    $r = plainly($web, GET => '/login');
    is($r->status, $status, "$name: a page");
    like($r->body, qr{<h1>Temporarily unavailable</h1>}, "$name: for people");
    $web->stop;
}

# ---- mod_fcgid starts the program itself
my $fcgid = T::Apache->new($app, 'fcgid');
ok(T::Proc->until_true(15, sub {
    $fcgid->client->get('/healthz')->status == 200 }), 'mod_fcgid: it answers');
for my $case ([ '/api/v1/shares', 3 << 20 ], [ '/api/user/media', 300 << 20 ]) {
    my ($target, $length) = @$case;
    my $r = plainly($fcgid, POST => $target, body => 'x' x 65536, headers => {
        'Content-Length' => $length,
        'Content-Type' => 'multipart/form-data; boundary=b' });

    is($r->status, 413, "mod_fcgid: $target: over Apache's limit");
    like($r->json->{error}, qr/larger/, "mod_fcgid: $target: says so in JSON");
}
delete @file{'<b>.jpg', 'with space.jpg'};
is_deeply([ same_everywhere('fcgid', $fcgid) ], [ $tag, $date ],
    'Apache sends the same tag and time');
my $c = $fcgid->client;
is($c->login('ann', $ann->{password})->status, 200, 'mod_fcgid: signing in');
is($c->get('/api/auth/me')->status, 200, 'mod_fcgid: the cookie');
my $token = $c->post('/api/auth/token', json => { username => 'ann',
    password => $ann->{password} })->json->{access_token};
is($fcgid->client->get('/api/auth/me', headers => {
    Authorization => "Bearer $token" })->status, 200, 'mod_fcgid: a token');
$r = $c->post('/api/user/media', multipart => [ file => {
    filename => 'fcgid.jpg', body => $photo . "\0" x 3000000 } ]);
is($r->status, 201, 'mod_fcgid: an upload of some size') or diag($r->body);
$fcgid->stop;
ok(T::Proc->until_true(10, sub {
    !grep { (readlink($_) // '') eq $app->program('vitrine.fcgi') }
        glob '/proc/[0-9]*/exe' }), 'mod_fcgid: its processes end with it');

$app->finish;
done_testing;
