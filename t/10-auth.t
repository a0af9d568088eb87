#!/usr/bin/perl
# Signing in: cookie, token and key, each within its limits; and what is
# refused, with the documented messages.

use strict;
use warnings;
use T::App;
use Test::More;

my $app = T::App->new(worker => 0);
my $client = $app->client;
my $ann = $app->user('ann');

# ---- the cookie
my $r = $client->login('ann', 'wrong');
is($r->status, 401, 'a wrong password');
ok($r->json->{message}, 'with a message');
is($client->login('nobody', 'wrong')->body, $r->body,
    'an unknown account answers alike');
is($client->get('/api/auth/me')->status, 401, 'not signed in');

$r = $client->login('ann', $ann->{password});
is($r->status, 200, 'the right password');
is($r->json->{user}{username}, 'ann', 'the answer has the account');
like(($r->cookies)[0], qr/^connect\.sid=[^;]{20,};.*HttpOnly/i,
    'sets the cookie, closed to scripts');
like(($r->cookies)[0], qr/SameSite=Lax/i, 'and to other sites');
unlike(($r->cookies)[0], qr/;\s*Secure/i, 'without TLS not Secure');

$r = $client->get('/api/auth/me');
is($r->status, 200, 'the cookie opens');
is($r->json->{user}{id}, $ann->{id}, 'as the account');
is_deeply([ sort keys %{ $r->json->{user} } ],
    [ sort qw(id uuid username displayName email role) ],
    'with the fields of the contract and no other');
is($r->json->{user}{role}, 'user', 'a plain user');

is($client->get('/api/auth/me', headers => { Origin => 'http://evil.example' })
    ->status, 200, 'another site may cause a look');
for my $header ({ Origin => 'http://evil.example' }, { Origin => 'null' },
    { 'Sec-Fetch-Site' => 'cross-site' }) {
    is($client->post('/api/auth/keys', json => { name => 'x' },
        headers => $header)->status, 403, "no change: @{[ %$header ]}");
}

# ---- keys
$r = $client->post('/api/auth/keys', json => { name => 'script' },
    headers => { Origin => 'http://localhost' });
is($r->status, 201, 'a key is made from the site itself');
my ($key, $id) = @{ $r->json }{qw(key id)};
ok(length $key > 20, 'and shown');
$r = $client->get('/api/auth/keys');
my $list = $r->json;
$list = $list->{keys} if ref $list eq 'HASH';
is(scalar @$list, 1, 'it is listed') or diag($r->body);
unlike($r->body, qr/\Q$key\E/, 'and never shown again');
unlike(join("\n", map { join ' ', map { $_ // '' } @$_ }
    $app->db->rows('SELECT * FROM api_keys')), qr/\Q$key\E/,
    'nor stored in plain text');

my $script = $app->client->always('X-API-KEY', $key);
is($script->get('/api/auth/me')->status, 200, 'the key opens');
is($script->get('/api/user/media')->status, 200, 'another API too');
is($script->get('/api/auth/keys')->status, 403, 'but no keys');
is($script->put('/api/auth/password', json => {
    current => $ann->{password}, new => 'something else' })->status, 403,
    'nor passwords');
is($app->client->always('X-API-KEY', "${key}x")->get('/api/auth/me')->status,
    401, 'an invalid key');

my $reader = $app->client->always('X-API-KEY', $app->key('ann', 'media:read'));
is($reader->get('/api/user/media')->status, 200, 'a key to read reads');
is($reader->post('/api/user/media', multipart => [ file => {
    filename => 'a.jpg', body => 'x' } ])->status, 403, 'and does not write');

is($client->delete("/api/auth/keys/$id")->status, 204, 'the key is revoked');
is($script->get('/api/auth/me')->status, 401, 'and closed at once');

# ---- tokens
$r = $app->client->post('/api/auth/token', json => {
    username => 'ann', password => $ann->{password} });
is($r->status, 200, 'a token');
my $token = $r->json->{access_token};
is($r->json->{token_type}, 'Bearer', 'of its type');
is($r->json->{expires_in}, 3600, 'for an hour');
my $bearer = $app->client->always('Authorization', "Bearer $token");
is($bearer->get('/api/auth/me')->status, 200, 'the token opens');
is($bearer->get('/api/auth/keys')->status, 200, 'keys too');

my ($head, $body, $signature) = split /\./, $token;
my $none = 'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0';
for my $forged ("$none.$body.", "$none.$body.$signature", "$head.$body.",
    "$head.$body." . ('A' x length $signature), "$head.$body", 'x', '..') {
    is($app->client->always('Authorization', "Bearer $forged")
        ->get('/api/auth/me')->status, 401, 'a forged token: '
        . substr $forged, -12);
}

# ---- what invalidates them
my $other = $app->client;
is($other->login('ann', $ann->{password})->status, 200, 'a second session');
is($other->post('/api/auth/logout')->status, 204, 'is ended');
my $gone = $app->client->always(Cookie => 'connect.sid=' . 'x' x 43);
is($gone->get('/api/auth/me')->status, 401, 'an invalid cookie');
is($client->get('/api/auth/me')->status, 200, 'the first stays');

$app->admin_ok('user', 'disable', 'ann');
is($client->get('/api/auth/me')->status, 401, 'disabled: no cookie');
is($bearer->get('/api/auth/me')->status, 401, 'no token');
is($reader->get('/api/user/media')->status, 401, 'no key');
is($app->client->login('ann', $ann->{password})->status, 401, 'no password');
$app->admin_ok('user', 'enable', 'ann');
is($bearer->get('/api/auth/me')->status, 401, 'enabled: the token stays invalid');

is($client->login('ann', $ann->{password})->status, 200, 'in again');
$r = $app->client->post('/api/auth/token', json => {
    username => 'ann', password => $ann->{password} });
$bearer->always('Authorization', 'Bearer ' . $r->json->{access_token});
is($client->put('/api/auth/password', json => {
    current => 'wrong', new => 'a new password' })->status, 403,
    'a new password needs the old one');
is($client->put('/api/auth/password', json => {
    current => $ann->{password}, new => 'a new password' })->status, 204,
    'a new password');
is($bearer->get('/api/auth/me')->status, 401, 'ends tokens');
is($app->client->login('ann', $ann->{password})->status, 401, 'the old one');
is($app->client->login('ann', 'a new password')->status, 200, 'the new one');

# ---- invalid bodies
for my $case (
    [ 400, 'not JSON', body => '{"username":' ],
    [ 400, 'a list', body => '[]' ],
    [ 400, 'doubled keys', body =>
        '{"username":"ann","username":"bob","password":"x"}' ],
    [ 400, 'not UTF-8', body => "{\"username\":\"\xff\",\"password\":\"x\"}" ],
    [ 400, 'a lone surrogate', body =>
        '{"username":"\ud800","password":"x"}' ],
    [ 400, 'too deep', body => '[' x 5000 ],
    [ 400, 'the wrong type', body => '{"username":5,"password":"x"}' ],
    [ 400, 'a missing field', body => '{"username":"ann"}' ],
    [ 413, 'too large', body => '{"username":"' . 'x' x 9000 . '"}' ],
) {
    my ($status, $name, @o) = @$case;
    $r = $app->client->post('/api/auth/login', @o,
        headers => { 'Content-Type' => 'application/json' });
    is($r->status, $status, "a body with a fault: $name");
    like($r->json->{message}, qr/username/, 'names the field')
        if $name eq 'the wrong type';
    like($r->json->{message}, qr/password/, 'names the field')
        if $name eq 'a missing field';
}
is($app->client->post('/api/auth/login', body => 'username=ann',
    headers => { 'Content-Type' => 'text/plain' })->status, 415,
    'another type');

# ---- routes
$r = $client->get('/api/nothing');
is($r->status, 404, 'an unknown route');
ok($r->json->{message}, 'in JSON');
$r = $client->delete('/api/auth/login');
is($r->status, 405, 'another method');
like($r->header('Allow'), qr/POST/, 'says which');
$r = $app->client->head('/api/tags');
is($r->status, 200, 'HEAD works where GET does');
is($r->body, '', 'without a body');
is($app->client->get("/api/%zz")->status, 400, 'a target that is malformed');

# ---- guessing
my $bob = $app->user('bob');
my $guess = 0;
$guess++ while $guess < 40
    && $app->client->post('/api/auth/login', params => {
        REMOTE_ADDR => '192.0.2.7' }, json => { username => 'bob',
        password => "guess $guess" })->status == 401;
cmp_ok($guess, '<', 40, 'guessing is stopped');
$r = $app->client->post('/api/auth/login', params => {
    REMOTE_ADDR => '192.0.2.7' }, json => { username => 'bob',
    password => $bob->{password} });
is($r->status, 429, 'with the right password too');
like($r->header('Retry-After'), qr/^\d+$/, 'with Retry-After');
is($app->client->post('/api/auth/login', params => {
    REMOTE_ADDR => '192.0.2.8' }, json => { username => 'bob',
    password => $bob->{password} })->status, 200,
    'the account is open from elsewhere');
is($app->client->post('/api/auth/login', params => {
    REMOTE_ADDR => '192.0.2.7' }, json => { username => 'ann',
    password => 'a new password' })->status, 200,
    'and the address for other accounts');

unlike($app->log, qr/\Q$ann->{password}\E|a new password|\Q$key\E/,
    'no secret is in the log');

$app->finish;
done_testing;
