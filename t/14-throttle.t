#!/usr/bin/perl
# Guessing passwords: blocked by account and address, in every process and
# spelling, without locking others out; and what a new
# password and the list of sessions invalidate.

use strict;
use warnings;
use JSON::PP ();
use POSIX ();
use T::App;
use Test::More;

my $limit = 4;
my $processes = 3;
my $app = T::App->new(worker => 0, workers => $processes,
    conf => { 'session.login_tries' => $limit,
        'session.login_window' => '1h' });
my $ann = $app->user('ann');
my $bob = $app->user('bob');

# A try from an address; every one on a connection of its own, so that all
# processes of the pool take their share.
sub try_login {
    my ($address, $name, $password, $path) = @_;
    return $app->client->post($path // '/api/auth/login',
        params => { REMOTE_ADDR => $address },
        json => { username => $name, password => $password });
}
sub blocked {
    my ($name, $r) = @_;
    is($r->status, 429, "blocked: $name") or diag($r->body);
    like($r->header('Retry-After') // '', qr/^[1-9]\d*$/,
        "blocked: $name: with Retry-After");
    cmp_ok($r->header('Retry-After') // 0, '<=', 3601, "blocked: $name: of an"
        . ' hour at most');
    ok($r->json->{message}, "blocked: $name: with a message");
}
sub wrong { return try_login($_[0], $_[1], 'wrong', $_[2])->status }
sub right { return try_login($_[0], 'ann', $ann->{password})->status }
sub again { $app->db->run_sql($app->db->name, 'DELETE FROM tries') }
sub counted {
    return $app->db->value('SELECT COALESCE(SUM(count), 0) FROM tries');
}

# ---- by account and address
is(wrong('192.0.2.1', 'ann'), 401, "try $_ is only wrong") for 1 .. $limit;
blocked('the next', try_login('192.0.2.1', 'ann', 'wrong'));
blocked('the right password', try_login('192.0.2.1', 'ann', $ann->{password}));
blocked('for a token too', try_login('192.0.2.1', 'ann', $ann->{password},
    '/api/auth/token'));
is(right('192.0.2.2'), 200, 'from another address it opens');
is(try_login('192.0.2.1', 'bob', $bob->{password})->status, 200,
    'and the address opens another account');
for my $process (1 .. 4 * $processes) {
    my $r = try_login('192.0.2.1', 'ann', 'wrong');
    is($r->status, 429, "blocked in every process, $process")
        if $process == 1 || $r->status != 429;
}
my $count = counted();
wrong('192.0.2.1', 'ann') for 1 .. 5;
is(counted(), $count, 'a blocked try counts for nothing');

# ---- the block expires
$app->db->run_sql($app->db->name, 'UPDATE tries SET until = NOW(3) -'
    . ' INTERVAL 1 SECOND');
is(right('192.0.2.1'), 200, 'after the window it opens again');
is(wrong('192.0.2.1', 'ann'), 401, "and $limit tries are free, $_")
    for 1 .. $limit;
blocked('after these', try_login('192.0.2.1', 'ann', $ann->{password}));

# ---- a success forgets the wrong ones
again();
wrong('192.0.2.1', 'ann') for 2 .. $limit;
is(right('192.0.2.1'), 200, 'the right one in time');
is(wrong('192.0.2.1', 'ann'), 401, "begins the count again, $_")
    for 1 .. $limit;
blocked('at the limit', try_login('192.0.2.1', 'ann', 'wrong'));

# ---- spellings of a name
again();
my @spellings = ('ann', 'ANN', 'Ann', 'aNN');
is(wrong('192.0.2.3', $spellings[ $_ % @spellings ]), 401,
    "$spellings[ $_ % @spellings ] is a try") for 0 .. $limit - 1;
for my $name (@spellings) {
    blocked("as $name", try_login('192.0.2.3', $name, $ann->{password}));
}
# An invalid name never matches, however the database compares.
for my $name ("ann ", " ann", "ann\t", "\x{e5}nn", "a\x{301}nn", "ann%",
    "ann\x{200b}", "\x{ff41}nn", "ann'", 'ann\\') {
    my $r = try_login('192.0.2.4', $name, $ann->{password});
    is($r->status, 401, 'another spelling opens nothing: '
        . join ' ', map { sprintf '%x', ord } split //, $name);
}
is(try_login('192.0.2.4', "ann\0", $ann->{password})->status, 400,
    'nor a name with a NUL');
is(right('192.0.2.4'), 200, 'nor do these tries count for the account');

# ---- addresses
again();
is(wrong("2001:db8:1:2::$_", 'ann'), 401, "an address of one /64, $_")
    for 1 .. $limit;
blocked('another of the same /64', try_login('2001:db8:1:2:ffff:1:2:3', 'ann',
    $ann->{password}));
blocked('spelled in full', try_login(
    '2001:0DB8:0001:0002:0000:0000:0000:0099', 'ann', $ann->{password}));
is(right('2001:db8:1:3::1'), 200, 'the next /64 is free');
again();
wrong('::ffff:192.0.2.9', 'ann') for 1 .. $limit;
is(right('::ffff:192.0.2.10'), 200,
    'IPv4 in the clothes of IPv6: each its own');
blocked('but the same', try_login('::ffff:192.0.2.9', 'ann',
    $ann->{password}));
blocked('without its clothes too', try_login('192.0.2.9', 'ann',
    $ann->{password}));
is(try_login('192.0.2.77', 'ann', 'wrong')->status, 401,
    'a header is no address')
    for 1 .. $limit;
is($app->client->post('/api/auth/login', params => {
    REMOTE_ADDR => '192.0.2.77' }, headers => {
    'X-Forwarded-For' => '203.0.113.5', Forwarded => 'for=203.0.113.5',
    'X-Real-IP' => '203.0.113.5' }, json => { username => 'ann',
    password => $ann->{password} })->status, 429,
    'blocked: headers do not change the address');

# ---- an unknown account is blocked too, so nothing shows that it is unknown
again();
is(wrong('192.0.2.5', 'nobody'), 401, "an unknown name, $_") for 1 .. $limit;
blocked('an unknown name', try_login('192.0.2.5', 'nobody', 'wrong'));

# ---- many at once
again();
pipe my $gate, my $open or die;
my @pids = map {
    my $pid = fork // die;
    if ($pid == 0) {
        close $open;
        sysread $gate, my $byte, 1; # until all of them are there
        POSIX::_exit(eval { wrong('192.0.2.6', 'ann') } == 401 ? 1 : 0);
    }
    $pid;
} 1 .. 24;
close $gate;
close $open;
my $tried = grep { waitpid $_, 0; $? >> 8 } @pids;
cmp_ok($tried, '>=', $limit, 'many at once: the limit is used up');
cmp_ok($tried, '<', $limit + $processes,
    'many at once: at most one for each process beyond it');
blocked('many at once: the next', try_login('192.0.2.6', 'ann',
    $ann->{password}));

# ---- the check comes before the hashing
sub cpu {
    my $ticks = 0;
    for my $pid (T::Proc->children($app->pool->pid)) {
        open my $fh, '<', "/proc/$pid/stat" or next;
        my @field = split ' ', (<$fh> // '') =~ s/.*\) //r;
        $ticks += $field[11] + $field[12];
    }
    return $ticks;
}
my $before = cpu();
wrong('192.0.2.6', 'ann') for 1 .. 30;
my $blocked = cpu() - $before;
again();
$before = cpu();
wrong("198.51.100.$_", 'ann') for 1 .. 10; # from addresses of their own
my $hashed = cpu() - $before;
cmp_ok($blocked, '<', $hashed,
    "a blocked try costs a fraction ($blocked ticks for 30, $hashed for 10)");

# ---- changing the password can be used for guessing too
again();
$app->db->run_sql($app->db->name, 'DELETE FROM sessions');
my $client = $app->client;
is($client->login('ann', $ann->{password})->status, 200, 'ann is signed in');
my @phone = map { my $c = $app->client; $c->login('ann', $ann->{password});
    $c } 1 .. 2;
my $token = $client->post('/api/auth/token', json => { username => 'ann',
    password => $ann->{password} })->json->{access_token};
sub by_token {
    return $app->client->always(Authorization => "Bearer $token")
        ->get('/api/auth/me')->status;
}
is(by_token(), 200, 'with a token beside it');
sub change {
    my ($current, $new) = @_;
    return $client->put('/api/auth/password', json => {
        current => $current, new => $new });
}
is(change('wrong', 'a new password')->status, 403,
    "a wrong current password, $_") for 1 .. $limit;
blocked('guesses of a session', change($ann->{password}, 'a new password'));
is($phone[0]->get('/api/auth/me')->status, 200, 'which ends no session');
again();
for my $case ([ 'too short', $ann->{password}, 'short' ],
    [ 'empty', $ann->{password}, '' ],
    [ 'with a control character', $ann->{password}, "a new\npassword" ],
    [ 'too long', $ann->{password}, 'x' x 5000 ]) {
    my ($name, @o) = @$case;
    my $r = change(@o);
    is($r->status, 400, "a new password that is $name");
    is($r->json->{field}, 'new', "a new password that is $name: the field");
}
is($app->client->put('/api/auth/password', json => { current => 'x',
    new => 'a new password' })->status, 401, 'not without signing in');
is($app->client->always('X-API-KEY', $app->key('ann'))
    ->put('/api/auth/password', json => { current => $ann->{password},
        new => 'a new password' })->status, 403, 'no key changes it');

# ---- sessions, one by one
my $list = $client->get('/api/auth/sessions')->json;
is(scalar @$list, 3, 'three sessions');
is_deeply([ sort keys %{ $list->[0] } ], [ sort qw(id address agent createdAt
    lastSeen expiresAt current) ], 'with their fields');
is(scalar(grep { $_->{current} } @$list), 1, 'one of them is this');
my ($of_phone) = grep { $_->{current} }
    @{ $phone[0]->get('/api/auth/sessions')->json };
my ($stranger) = $app->client;
$stranger->login('bob', $bob->{password});
is($stranger->delete("/api/auth/sessions/$of_phone->{id}")->status, 404,
    "another's session is not to be ended");
is($phone[0]->get('/api/auth/me')->status, 200, 'and goes on');
is($client->delete("/api/auth/sessions/$of_phone->{id}")->status, 204,
    'one is ended');
is($phone[0]->get('/api/auth/me')->status, 401, 'at once');
is($phone[1]->get('/api/auth/me')->status, 200, 'the others stay');
is($client->delete("/api/auth/sessions/$of_phone->{id}")->status, 404,
    'it is ended once');
is(scalar @{ $client->get('/api/auth/sessions')->json }, 2, 'two are left');
$app->db->run_sql($app->db->name, 'UPDATE sessions SET expires_at = NOW(3)'
    . ' - INTERVAL 1 SECOND WHERE id <> ' . (grep { $_->{current} }
    @{ $client->get('/api/auth/sessions')->json })[0]{id});
is($phone[1]->get('/api/auth/me')->status, 401, 'one that has expired');
is(scalar @{ $client->get('/api/auth/sessions')->json }, 1, 'is not listed');

# ---- a new password ends the other sessions and every token
$phone[1]->login('ann', $ann->{password});
is(change($ann->{password}, 'a new password')->status, 204, 'a new password');
is($client->get('/api/auth/me')->status, 200, 'this session stays');
is($phone[1]->get('/api/auth/me')->status, 401, 'the other ends');
is(by_token(), 401, 'and the token');
is(right('192.0.2.20'), 401, 'the old one is invalid');
is(try_login('192.0.2.20', 'ann', 'a new password')->status, 200,
    'the new one is valid');
unlike($app->log, qr/a new password|\Q$ann->{password}\E|\Q$token\E/,
    'no secret is in the log');

$app->finish;
done_testing;
