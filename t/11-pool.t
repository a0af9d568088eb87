#!/usr/bin/perl
# The pool as seen by process managers and web servers: kept connections, the
# traps of the protocol, signals, crashes.

use strict;
use warnings;
use File::Temp ();
use IO::Socket::UNIX;
use Socket qw(SOCK_DGRAM);
use POSIX ();
use T::App;
use T::Fcgi;
use T::Proc;
use Test::More;
use Time::HiRes qw(time);

# As systemd has it: a socket that the programs write to when they serve.
my $notified = File::Temp::tempdir('vt-notify-XXXXXX', TMPDIR => 1,
    CLEANUP => 1);
chmod 0755, $notified;
my $manager = IO::Socket::UNIX->new(Type => SOCK_DGRAM,
    Local => "$notified/s") or die "notify: $!";
chmod 0666, "$notified/s";
my $app = T::App->new(pool => 0, worker => 0, workers => 2, errors =>
    qr/signal|died|killed|event=(start|reload-failed|database-away) |exit=78/);
{
    local $ENV{NOTIFY_SOCKET} = "$notified/s";
    $app->start_pool;
    $app->start_worker;
}
for my $program ('the pool', 'the worker') {
    my $message = '';
    local $SIG{ALRM} = sub { die "$program does not notify\n" };
    alarm 30;
    $manager->recv($message, 100);
    alarm 0;
    is($message, 'READY=1', "$program notifies a service manager");
}
$app->end('worker_proc');
my $ann = $app->user('ann');
my $key = $app->key('ann');

sub healthy {
    my $r = T::Fcgi->new($app->socket)->request(target => '/healthz');
    return $r && $r->status == 200;
}

# ---- kept connections, more of them than there are processes
my @kept = map { T::Fcgi->new($app->socket) } 1 .. 12;
my $answered = 0;
for my $round (1 .. 4) {
    for my $c (@kept) {
        my $r = $c->request(target => '/api/tags', keep => 1, timeout => 10);
        $answered++ if $r && $r->status == 200;
    }
}
is($answered, 48, 'twelve kept connections on two processes, all answered');
ok(!$kept[0]->closed(0.1), 'they stay open');

# ---- a request hidden in the body of another
my $evil = T::Fcgi::request_bytes(method => 'GET', target => '/api/auth/me',
    keep => 1, params => { REMOTE_ADDR => '10.0.0.1', REMOTE_USER => 'ann',
        HTTP_X_API_KEY => $key });
my $c = T::Fcgi->new($app->socket);
my ($out) = $c->exchange(
    T::Fcgi::record(1, pack 'nCx5', 1, 1)
    . T::Fcgi::stream(4, T::Fcgi::pairs(T::Fcgi::params(method => 'DELETE',
        target => '/api/nothing', params => {
            CONTENT_LENGTH => length($evil) + 70000 })))
    . T::Fcgi::record(5, $evil), 3);
unlike($out, qr/ann\@example/, 'a body is never taken for a request');
($out) = $c->exchange('', 1);
unlike($out, qr/ann\@example/, 'nor afterwards');
ok($c->closed(2), 'its connection is not kept');

# ---- bodies
my $r = T::Fcgi->new($app->socket)->request(method => 'POST',
    target => '/api/auth/token', body => sprintf(
        '{"username": "ann", "password": "%s"}', $ann->{password}),
    headers => { 'Content-Type' => 'application/json' },
    params => { CONTENT_LENGTH => undef });
is($r->status, 200, 'a body without a length');
$r = T::Fcgi->new($app->socket)->request(method => 'POST',
    target => '/api/auth/token', body => '{"username": "ann"',
    headers => { 'Content-Type' => 'application/json' },
    params => { CONTENT_LENGTH => 900 });
is($r->status, 400, 'a body that is cut short');

# ---- connections that send nothing, half a request, or garbage
my @silent = map { IO::Socket::UNIX->new(Peer => $app->socket) } 1 .. 3;
print { $silent[0] } substr $evil, 0, 20;
$silent[0]->flush;
my $rubbish = IO::Socket::UNIX->new(Peer => $app->socket);
print $rubbish 'GET / HTTP/1.0' . "\r\n" x 2;
$rubbish->flush;
close $rubbish;
ok(T::Proc->until_true(40, \&healthy), 'others are served in the meantime');
undef @silent;

# ---- a crash costs one process and no more
my @children = T::Proc->children($app->pool->pid);
cmp_ok(scalar @children, '>=', 4, 'two processes on each socket');
kill 'KILL', $children[0];
my $bad = 0;
for (1 .. 20) {
    $bad++ if !healthy();
}
is($bad, 0, 'a killed process: the others answer');
ok(T::Proc->until_true(10, sub {
    my @now = T::Proc->children($app->pool->pid);
    @now >= @children && !grep { $_ == $children[0] } @now;
}), 'another process replaces it');

# ---- reload
@children = sort { $a <=> $b } T::Proc->children($app->pool->pid);
$app->pool->signal('HUP');
my ($asked, $failed, $until) = (0, 0, time + 20);
my $replaced = 0;
while (time < $until) {
    $asked++;
    $failed++ if !healthy();
    my %now = map { $_ => 1 } T::Proc->children($app->pool->pid);
    last if $replaced = !grep { $now{$_} } @children;
}
ok($replaced, 'SIGHUP replaces every process');
is($failed, 0, "and nobody noticed ($asked requests)");

# ---- reload with a configuration that is broken, then with another one
sub signs_in_from {
    my ($origin) = @_;
    return $app->client->post('/login', headers => { Accept => 'text/html',
        Origin => $origin }, form => [ username => 'ann',
        password => $ann->{password} ])->status;
}
sub log_has {
    my ($pattern, $n) = @_;
    return T::Proc->until_true(10, sub {
        my @found = $app->log =~ /$pattern/g;
        @found >= ($n // 1) });
}
for my $broken ([ 'log.level' => 'warning' ],
    [ 'secrets.file' => $app->dir . '/nothing' ],
    [ 'database.socket' => $app->dir . '/nothing' ]) {
    my ($n) = scalar(() = $app->log =~ /event=reload-failed/g);
    local $app->{conf} = { @$broken };
    $app->write_config;
    @children = T::Proc->children($app->pool->pid);
    $app->pool->signal('HUP');
    ok(log_has(qr/event=reload-failed/, $n + 1), "@$broken: refused");
    kill 'KILL', $children[0];
    ok(T::Proc->until_true(10, sub {
        my %now = map { $_ => 1 } T::Proc->children($app->pool->pid);
        keys %now == @children && !$now{ $children[0] } && healthy();
    }), 'a process that dies is replaced by one with the old configuration');
    my %now = map { $_ => 1 } T::Proc->children($app->pool->pid);
    is(scalar(grep { !$now{$_} } @children), 1, 'the others stay');
}
like($app->log, qr/event=start error=".*vitrine.conf, line \d+: \[log\] level/,
    'the fault is in the log');
is(signs_in_from('http://127.0.0.1'), 403, 'a form of another site');
$app->{conf} = { 'site.base_url' => 'http://127.0.0.1:80/' };
$app->write_config;
my $old = join ' ', T::Proc->children($app->pool->pid);
$app->pool->signal('HUP');
ok(T::Proc->until_true(20, sub {
    my @now = T::Proc->children($app->pool->pid);
    @now == @children && !grep { $old =~ /\b$_\b/ } @now;
}), 'the next configuration is taken');
is(signs_in_from('http://127.0.0.1'), 303,
    'a form from base_url, as browsers write it: without the usual port');
is(signs_in_from('http://127.0.0.1:81'), 403, 'and from no other port');
$app->{conf} = {};
$app->write_config;

# ---- draining
my $slow = T::Fcgi->new($app->long_socket);
my $boundary = 'b' x 20;
my $head = "--$boundary\r\nContent-Disposition: form-data; name=\"file\";"
    . " filename=\"slow.gif\"\r\n\r\n";
my $whole = $head . 'GIF89a' . "\0" x 5000 . "\r\n--$boundary--\r\n";
my $bytes = T::Fcgi::request_bytes(method => 'POST',
    target => '/api/user/media', body => $whole, headers => {
        'X-API-KEY' => $key,
        'Content-Type' => "multipart/form-data; boundary=$boundary" });
$slow->exchange(substr($bytes, 0, length($bytes) - 900), 0.5);
$app->pool->signal('TERM');
# All but the busy process and the scribe, which is the last, have ended.
T::Proc->until_true(10, sub { T::Proc->children($app->pool->pid) <= 2 });
ok($app->pool->alive, 'SIGTERM waits for the request at hand');
my ($answer) = $slow->exchange(substr($bytes, length($bytes) - 900), 20);
$r = T::Fcgi::answer($answer, '');
is($r && $r->status, 201, 'which is answered in full');
ok($app->pool->wait_end(20), 'then it ends');
is($app->pool->stop, 0, 'in order');
ok(!IO::Socket::UNIX->new(Peer => $app->socket), 'nobody listens');

# ---- a socket on descriptor 0, as spawn-fcgi and systemd give it
my $path = $app->dir . '/fd0.sock';
my $listen = IO::Socket::UNIX->new(Local => $path, Listen => 50)
    or die "$path: $!";
chmod 0777, $path;
my $given = T::Proc->start(name => 'vitrine.fcgi', stdin => $listen,
    log => $app->dir . '/log', command => [ $app->program('vitrine.fcgi'),
        '--config', $app->config, '--workers', 2 ]);
ok(T::Proc->until_true(15, sub {
    my $r = T::Fcgi->new($path)->request(target => '/healthz', timeout => 5);
    $r && $r->status == 200;
}), 'it serves the socket on descriptor 0');
is($given->stop, 0, 'and ends in order');
close $listen;

SKIP: {
    my ($spawn) = grep { -x } '/usr/bin/spawn-fcgi';
    die 'spawn-fcgi is needed' if !$spawn && $ENV{VITRINE_TEST_ALL};
    skip 'there is no spawn-fcgi', 2 if !$spawn;
    my $path = $app->dir . '/spawned.sock';
    my $spawned = T::Proc->start(name => 'spawn-fcgi',
        log => $app->dir . '/log', command => [ $spawn, '-n', '-s', $path,
            '--', $app->program('vitrine.fcgi'), '--config', $app->config,
            '--workers', 1 ]);
    ok(T::Proc->until_true(15, sub {
        -S $path or return;
        my $r = T::Fcgi->new($path)->request(target => '/healthz',
            timeout => 5);
        $r && $r->status == 200;
    }), 'spawn-fcgi starts it');
    is($spawned->stop, 0, 'and it ends in order');
}

# ---- openings are written, whichever process ends first
my $owner = $app->client->always('X-API-KEY', $key);
$app->start_pool;
my $file = $owner->get('/api/user/media')->json->{files}[0];
my $link = $owner->post('/api/v1/shares', json => { target_type => 'media',
    target_id => $file->{uuid}, recipient_type => 'public_link' })->json;
my $uses = 0;
sub opened { $app->client->get("/api/v1/shared/$link->{public_token}") }
sub all_written {
    return T::Proc->until_true(10, sub { $app->db->value(
        'SELECT SUM(uses) FROM shares') == $uses });
}
sub scribe { ($app->log =~ /child-start child=(\d+) group=scribe/g)[-1] }

# One opening is waiting for the database while the pool ends.
sub opened_while {
    my ($do) = @_;
    my @pids = map {
        my ($begin, $begun) = @$_;
        my $pid = fork // die;
        if ($pid == 0) {
            $begin->();
            POSIX::_exit(0);
        }
        T::Proc->until_true(2, sub { $app->db->value('SELECT COUNT(*)'
            . " FROM information_schema.processlist WHERE $begun") });
        $pid;
    } [ sub { $app->db->run_sql($app->db->name,
        'LOCK TABLES shares WRITE; DO SLEEP(2)') }, "info = 'DO SLEEP(2)'" ],
        [ sub { POSIX::_exit(1) if opened()->status != 200 },
        "state LIKE 'Waiting for table%'" ];
    $do->();
    my $failed = 0;
    for (@pids) {
        waitpid $_, 0;
        $failed++ if $?;
    }
    $uses++;
    return !$failed && $app->pool->wait_end(20);
}
$uses += 3;
is(join(' ', map { opened()->status } 1 .. 3), '200 200 200', 'a link');
ok(all_written(), 'is counted');
ok(opened_while(sub { kill 'TERM', $app->pool->pid,
    T::Proc->children($app->pool->pid) }), 'all are stopped at once');
ok(all_written(), 'the opening at hand is counted');
$app->end('pool_proc');

$app->start_pool;
my @left = T::Proc->children($app->pool->pid);
ok(opened_while(sub { $app->pool->signal('KILL') }), 'the pool is killed');
delete $app->{pool_proc};
ok(all_written(), 'the opening at hand is counted');
ok(T::Proc->until_true(10, sub { !grep { kill 0, $_ } @left }),
    'and no process stays');

$app->start_pool;
my $scribe = scribe();
kill 'STOP', $scribe;
opened() for 1 .. 5;
$uses += 5;
kill 'KILL', $scribe;
$app->end('pool_proc');
ok(all_written(), 'the writer is killed shortly before the end');

# ---- what it needs
rename $app->dir . '/secrets', $app->dir . '/secrets.away';
my ($status, undef, $err) = T::Proc->run(command => [
    $app->program('vitrine.fcgi'), '--config', $app->config,
    '--listen', $app->socket ]);
is($status, 78, 'without its secrets it does not start');
like($err, qr/secrets/, 'and says so');
rename $app->dir . '/secrets.away', $app->dir . '/secrets';
is((stat $app->dir . '/secrets')[2] & 0777, 0600, 'they are its own');

# ---- a database that is unavailable or not ready
sub refused {
    my ($program, @more) = @_;
    my $began = time;
    my ($status, undef, $err) = T::Proc->run(command => [
        $app->program($program), '--config', $app->config, @more ]);
    cmp_ok(time - $began, '<', 10, "$program: at once");
    return "$status $err";
}
my @listen = ('--listen', $app->socket);
my $gate = $app->dir . '/gate';
$app->{conf} = { 'database.socket' => $gate };
$app->write_config;
sub start_away {
    $app->{pool_proc} = T::Proc->start(name => 'vitrine.fcgi',
        log => $app->dir . '/log', command => [ $app->program('vitrine.fcgi'),
            '--config', $app->config, @listen, '--workers', 2 ]);
    return T::Proc->until_true(10, sub {
        my $r = -S $app->socket && eval {
            T::Fcgi->new($app->socket)->request(target => '/healthz') };
        $r && $r->status == 503 });
}
my ($away) = scalar(() = $app->log =~ /event=database-away/g);
ok(start_away(), 'without a database requests are answered 503');
is(scalar(() = $app->log =~ /event=database-away/g), $away + 1,
    'and one line says so');
symlink $app->db->socket, $gate or die;
ok(log_has(qr/event=database-back/), 'another one when it is available');
ok(healthy(), 'and all is well');
ok(T::Proc->until_true(10, sub {
    T::Proc->children($app->pool->pid) == 3 }), 'no request waits for it any more');
$app->end('pool_proc');

my $empty = T::Db->new;
$app->{conf} = { 'database.name' => $empty->name };
$app->write_config;
for (qw(vitrine.fcgi vitrine-worker)) {
    like(refused($_, /fcgi/ ? @listen : ()),
        qr/^78 .*pending migration.*vitrine migrate/s,
        "$_: pending migrations end it");
}
like(refused('vitrine', qw(user list)), qr/^1 .*vitrine migrate/s,
    'a command that fails for that reason says it');
unlink $gate;
$app->{conf} = { 'database.name' => $empty->name, 'database.socket' => $gate };
$app->write_config;
ok(start_away(), 'pending migrations that are only seen later');
symlink $app->db->socket, $gate or die;
ok($app->pool->wait_end(20), 'end it too');
is(delete($app->{pool_proc})->stop, 78 << 8, 'with the same status');
$empty->drop;
$app->{conf} = { 'upload.max_size' => 0 };
$app->write_config;
for (qw(vitrine.fcgi vitrine-worker)) {
    like(refused($_, /fcgi/ ? (@listen, '--workers', 3) : ()),
        qr/^78 .*\[upload\] max_size = .*must be a size/s,
        "$_: a broken configuration ends it");
}
$app->{conf} = {};
$app->write_config;

# ---- without a number of workers: two for each core, and at least four
chomp(my $cores = `nproc`);
$app->{pool_proc} = T::Proc->start(name => 'vitrine.fcgi',
    log => $app->dir . '/log', command => [ $app->program('vitrine.fcgi'),
        '--config', $app->config, @listen, '--listen-long',
        $app->long_socket ]);
my $want = ($cores * 2 > 4 ? $cores * 2 : 4) + ($cores * 2 > 8 ? $cores * 2 : 8);
ok(T::Proc->until_true(20, sub {
    T::Proc->children($app->pool->pid) == $want + 1 && healthy() }),
    "$want processes on $cores cores, and the writer");
$app->end('pool_proc');

$app->start_pool;
ok(healthy(), 'it starts again on the sockets that it left');
$app->finish;
done_testing;
