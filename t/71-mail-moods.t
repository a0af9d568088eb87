#!/usr/bin/perl
# Mail servers in bad moods, workers that die, and many of them at once: each
# mail is sent once, or its sender sees why not.

use strict;
use warnings;
use IO::Socket::INET;
use T::App;
use T::Smtp;
use Test::More;

plan(skip_all => 'there is no postfix') if !defined T::Smtp::root();
my $port = T::Site::free_port();
my $app = T::App->new(worker => 0, conf => {
    'mail.server' => "smtp://127.0.0.1:$port", 'mail.tls' => 'none',
    'mail.from' => 'site@example.org', 'mail.pause' => '1s',
    'mail.timeout' => '3s', 'mail.hourly' => 1000 });
my $db = $app->db;
my ($client, $ann) = $app->signed_in('ann');
my ($eve) = $app->signed_in('eve');

sub queue {
    my ($to, @words) = @_;
    my ($status, $said) = T::Smtp->queue($app, 'links', $ann->{id}, $to,
        'sender=ann', 'item', 'name=a', 'url=http://localhost/l/1', @words);
    die "not queued: $said" if $status;
    return $said;
}
sub mail {
    my ($id) = @_;
    my ($m) = grep { $_->{id} == $id }
        @{ $client->get('/api/user/mail?limit=100')->json };
    return $m;
}
sub reaches {
    my ($id, $state, $seconds) = @_;
    return T::Proc->until_true($seconds // 15, sub {
        mail($id)->{state} eq $state });
}
# It waits for its next try, after this many.
sub put_off {
    my ($id, $attempts) = @_;
    return T::Proc->until_true(15, sub {
        my $m = mail($id);
        $m->{attempts} >= $attempts && $m->{state} eq 'queued' });
}
sub count { return scalar grep { !/passing\@/ } $_[0]->kept }
# Another mail was sent, so the worker has looked at everything that is due.
sub another_passes {
    T::Proc->until_true(15, sub { !$db->value('SELECT COUNT(*) FROM jobs'
        . " WHERE kind = 'mail' AND due_at <= NOW(3)") });
    ok(reaches(queue('passing@example.org'), 'sent'), 'another mail passes');
}

# One mail, sent with the server in a mood; it is still in that mood when the
# mail has come to `state`.
sub in_mood {
    my ($name, $mood, $state, $error, %o) = @_;
    my $sink = T::Smtp->sink(port => $port, mood => $mood);
    my $id = queue('bob@example.org');
    my $before = $o{attempts} // 1;

    ok(T::Proc->until_true($o{seconds} // 15, sub {
        my $m = mail($id);
        $m->{state} eq $state && $m->{attempts} >= $before
    }), "$name: $state") or diag(explain(mail($id)));
    my $m = mail($id);
    like($m->{error} // '', $error, "$name: $error");
    $o{check}->($sink, $m) if $o{check};
    $sink->stop;
    is($client->delete("/api/user/mail/$id")->status, 204, "$name: dropped")
        if !$o{keep};
    return $id;
}
$app->start_worker;

# ---- refused for good, put off, cut off
for my $stage (qw(mail rcpt data)) {
    in_mood("5xx at $stage", [ '-f', $stage ], 'failed', qr/^5\d\d /);
    in_mood("4xx at $stage", [ '-r', $stage ], 'queued', qr/^4\d\d /,
        attempts => $stage eq 'rcpt' ? 2 : 1);
    in_mood("cut off at $stage", [ '-q', $stage ], 'queued',
        qr/cannot be reached/);
}
in_mood('5xx at the end', [ '-f', '.' ], 'failed', qr/^5\d\d /);
in_mood('4xx at the end', [ '-r', '.' ], 'queued', qr/^4\d\d /);
in_mood('5xx for its greeting', [ '-f', 'connect' ], 'queued',
    qr/cannot be reached/, attempts => 2);
in_mood('4xx for its greeting', [ '-r', 'connect' ], 'queued',
    qr/^4\d\d |cannot be reached/, attempts => 2);
in_mood('no ESMTP', [ '-f', 'ehlo' ], 'sent', qr/^$/, keep => 1);
in_mood('slow to answer', [ '-W', 'rcpt:60' ], 'queued',
    qr/cannot be reached/);
in_mood('no goodbye', [ '-W', 'quit:60' ], 'sent', qr/^$/, keep => 1,
    seconds => 6);
in_mood('refused, no goodbye', [ '-f', 'rcpt', '-W', 'quit:60' ], 'failed',
    qr/^5\d\d /, seconds => 9);
in_mood('slow, yet in time', [ '-w', '2' ], 'sent', qr/^$/, keep => 1);

# ---- unknown result
my %unknown = ('cut off at the end' => [ '-q', '.' ],
    'no answer at the end' => [ '-W', '.:60' ]);
for my $name (sort keys %unknown) {
    my $id = in_mood($name, $unknown{$name}, 'unknown', qr/may have arrived/,
        keep => 1);
    my $sink = T::Smtp->sink(port => $port);
    another_passes();
    is(count($sink), 0, "$name: it is not retried automatically");
    is($eve->post("/api/user/mail/$id/retry")->status, 404,
        "$name: nor for another");
    is($client->post("/api/user/mail/$id/retry")->status, 204,
        "$name: but when its sender says so");
    ok(reaches($id, 'sent'), "$name: sent");
    is(count($sink), 1, "$name: once");
    is($client->post("/api/user/mail/$id/retry")->status, 409,
        "$name: and not a third time");
    is($client->delete("/api/user/mail/$id")->status, 409,
        "$name: nor can it be dropped");
    $sink->stop;
}

# ---- unavailable: the pauses grow
my $id = queue('bob@example.org');
my %pause;
T::Proc->until_true(20, sub {
    my ($row) = $db->rows('SELECT attempts, state, TIMESTAMPDIFF(MICROSECOND,'
        . " NOW(3), due_at) FROM outbox WHERE id = $id");
    my ($n, $state, $left) = @$row;
    $pause{$n} = $left if $state eq 'queued' && $n && !$pause{$n};
    return $n >= 3 && $pause{3};
});
cmp_ok($pause{$_} / 1e6, '>', 2 ** ($_ - 1) - 0.8, "pause after try $_")
    for 1 .. 3;
cmp_ok($pause{$_} / 1e6, '<', 2 ** ($_ - 1) + 0.2, "not longer ($_)")
    for 1 .. 3;
my $sink = T::Smtp->sink(port => $port);
ok(reaches($id, 'sent'), 'it is back: sent');
is(count($sink), 1, 'once');
my $soon = queue('carol@example.org');
ok(T::Proc->until_true(3, sub { mail($soon)->{state} eq 'sent' }),
    'a new one is sent within moments');
is($db->value("SELECT LENGTH(message) FROM outbox WHERE id = $soon"), 0,
    'and its text is not kept after sending');
is($client->get('/api/user/mail')->json->[0]{subject},
    'ann has shared something with you', 'but its kind is');
is_deeply($eve->get('/api/user/mail')->json, [], 'for its sender only');
$sink->stop;

# ---- given up after the last try
$app->end('worker_proc');
$app->{conf}{'mail.tries'} = 2;
$app->write_config;
$app->start_worker;
$id = queue('bob@example.org');
ok(reaches($id, 'failed'), 'given up after the last try');
is(mail($id)->{attempts}, 2, 'after two');
like(mail($id)->{error}, qr/cannot be reached/, 'and why');
is($client->post("/api/user/mail/$id/retry")->status, 204, 'once more');
ok(T::Proc->until_true(10, sub { mail($id)->{attempts} == 4 }),
    'it has as many tries again');

# ---- a worker dies while sending
$app->end('worker_proc');
$app->{conf}{'mail.tries'} = 30;
$app->write_config;
$sink = T::Smtp->sink(port => $port, mood => [ '-W', '.:30' ]);
$app->start_worker;
$id = queue('bob@example.org');
ok(reaches($id, 'sending'), 'being sent');
T::Proc->until_true(5, sub { count($sink) > 0 });
is($client->post("/api/user/mail/$id/retry")->status, 409, 'in its hands');
is($client->delete("/api/user/mail/$id")->status, 409, 'not to be dropped');
$app->worker->signal('KILL');
$app->worker->wait_end(5);
delete $app->{worker_proc};
is(mail($id)->{state}, 'sending', 'as it was when the worker was killed');
$sink->stop;
$sink = T::Smtp->sink(port => $port);
$app->start_worker;
another_passes();
is(mail($id)->{state}, 'sending', 'while its time runs');
cmp_ok($db->value('SELECT TIMESTAMPDIFF(SECOND, NOW(3), due_at) FROM jobs'
    . " WHERE kind = 'mail'"), '<', 40, 'which is not long');
$db->rows("UPDATE jobs SET due_at = NOW(3) WHERE kind = 'mail'");
ok(reaches($id, 'unknown'), 'then it is unknown');
another_passes();
is(count($sink), 0, 'and does not go out again');
is($client->post("/api/user/mail/$id/retry")->status, 204, 'until asked for');
ok(reaches($id, 'sent'), 'sent');
is(count($sink), 1, 'once');
$sink->stop;

# ---- a worker that is stopped
$sink = T::Smtp->sink(port => $port, mood => [ '-w', '2' ]);
$id = queue('bob@example.org');
ok(reaches($id, 'sending'), 'being sent');
$app->end('worker_proc');
is(mail($id)->{state}, 'sent', 'finishes it first');
$sink->stop;

# ---- many workers: each mail once
$sink = T::Smtp->sink(port => $port);
my @ids = map { queue("bob$_\@example.org") } 1 .. 60;
my @workers = map { T::Proc->start(name => 'vitrine-worker',
    log => $app->dir . '/log', command => [ $app->program('vitrine-worker'),
        '--config', $app->config ]) } 1 .. 5;
ok(T::Proc->until_true(60, sub { !$db->value('SELECT COUNT(*) FROM outbox'
    . " WHERE state IN ('queued', 'sending')") }), 'all are sent');
my %seen;
$seen{ (/^Message-ID: (\S+)/mi)[0] // '' }++ for $sink->kept;
is(scalar keys %seen, 60, 'sixty mails');
is_deeply([ grep { $_ != 1 } values %seen ], [], 'each of them once');
is($db->value("SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND id >= "
    . $ids[0]), 60, 'and all are recorded');
is($_->stop, 0, 'a worker ends') for @workers;
$sink->stop;

# ---- the account's limit
$app->{conf}{'mail.hourly'} = 10;
$app->write_config;
$db->rows('DELETE FROM outbox');
$db->rows("DELETE FROM jobs WHERE kind = 'mail'");
my @children = map {
    my $n = $_;
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        my ($status, $said) = T::Smtp->queue($app, 'links', $ann->{id},
            "bob$n\@example.org", 'sender=ann');
        POSIX::_exit($status);
    }
    $pid
} 1 .. 20;
waitpid $_, 0 for @children;
is($db->value('SELECT COUNT(*) FROM outbox'), 10, 'twenty at once: ten go');
is($db->value("SELECT COUNT(*) FROM jobs WHERE kind = 'mail'"), 10,
    'with their jobs');
my ($status, $said) = T::Smtp->queue($app, 'links', $ann->{id},
    'bob@example.org');
is($status, 1, 'no other');
like($said, qr/at most 10 mails in an hour\s+3[56]\d\d$/, 'for an hour');
$db->rows('UPDATE outbox SET created_at = NOW(3) - INTERVAL 50 MINUTE'
    . ' ORDER BY id LIMIT 3');
($status, $said) = T::Smtp->queue($app, 'links', $ann->{id},
    'bob@example.org');
like($said, qr/ (59\d|600|601)$/, 'or until the first is an hour old');
$db->rows('UPDATE outbox SET created_at = NOW(3) - INTERVAL 61 MINUTE'
    . ' ORDER BY id LIMIT 3');
($status) = T::Smtp->queue($app, 'links', $ann->{id}, 'bob@example.org');
is($status, 0, 'then it goes');
($status) = T::Smtp->queue($app, 'links', 0, 'bob@example.org');
is($status, 0, 'the site itself always may');

# ---- all or nothing
$db->rows('DELETE FROM outbox');
$db->rows("DELETE FROM jobs WHERE kind = 'mail'");
($status) = T::Smtp->queue($app, 'links', $ann->{id}, 'bob@example.org',
    'half');
is($status, 1, 'a transaction that is given up');
($status) = T::Smtp->queue($app, 'links', $ann->{id}, 'bob@example.org',
    'share=12345');
is($status, 1, 'a share that there is not');
for my $bad ('bob', "bob\@example.org\nBcc: x\@example.org", 'bob@x y') {
    ($status) = T::Smtp->queue($app, 'links', $ann->{id}, $bad);
    is($status, 1, 'a bad address');
}
is($db->value('SELECT COUNT(*) FROM outbox'), 0, 'leave no mail');
is($db->value("SELECT COUNT(*) FROM jobs WHERE kind = 'mail'"), 0, 'no job');

# ---- the administrator
$id = queue('bob@example.org');
my $other = queue('co@example.org');
my $json = sub { JSON::PP->new->utf8->decode($app->admin_ok(@_, '--json')) };
is_deeply([ map { $_->{recipient} } @{ $json->('mail', 'queue') } ],
    [ qw(bob@example.org co@example.org) ], 'vitrine mail queue');
my ($first) = @{ $json->('mail', 'queue') };
is($first->{sender}, 'ann', 'shows the sender');
is($first->{state}, 'queued', 'and the state');
like($app->admin_ok('mail', 'queue'), qr/^\s*$id  queued .*bob\@example/m,
    'for people too');
$app->admin_ok('mail', 'drop', $id);
is(mail($id)->{state}, 'dropped', 'vitrine mail drop');
is(scalar @{ $json->('mail', 'queue') }, 1, 'leaves the queue');
is(scalar @{ $json->('mail', 'queue', '--all') }, 2, 'but not all of it');
is($db->value("SELECT COUNT(*) FROM jobs WHERE kind = 'mail'"), 1,
    'nor does it have a job');
isnt(($app->admin('mail', 'drop', $id))[0], 0, 'dropped is dropped');
$sink = T::Smtp->sink(port => $port);
$app->start_worker;
ok(reaches($other, 'sent'), 'the other is sent');
is(mail($id)->{state}, 'dropped', 'the dropped one not');
$app->admin_ok('mail', 'retry', $id);
ok(reaches($id, 'sent'), 'vitrine mail retry');
my ($refused, undef, $err) = $app->admin('mail', 'retry', $id);
isnt($refused, 0, 'a sent one cannot be sent again');
like($err, qr/cannot be retried/, 'it says');
isnt(($app->admin('mail', 'retry', 999999))[0], 0, 'an unknown one');
isnt(($app->admin('mail', 'drop', 'x'))[0], 0, 'not a number');

# ---- a disabled sender
$app->end('worker_proc');
my $hers = queue('bob@example.org');
T::Smtp->queue($app, 'links', 0, 'bob@example.org', 'sender=site');
$app->admin_ok('user', 'disable', 'ann');
$app->start_worker;
ok(T::Proc->until_true(10, sub { $db->value('SELECT COUNT(*) FROM outbox'
    . " WHERE state = 'queued'") == 0 }), 'a sender is disabled');
is($db->value("SELECT state FROM outbox WHERE id = $hers"), 'dropped',
    'queued mails are not sent');
$app->admin_ok('user', 'enable', 'ann');
is($client->login('ann', $ann->{password})->status, 200, 'enabled again');

# ---- a lost job, and old mails
$app->end('worker_proc');
$id = queue('bob@example.org');
$db->rows("DELETE FROM jobs WHERE kind = 'mail'");
$db->rows('UPDATE outbox SET due_at = NOW(3) - INTERVAL 1 HOUR'
    . " WHERE id = $id");
$db->rows('UPDATE outbox SET due_at = NOW(3) - INTERVAL 91 DAY'
    . " WHERE id = $other");
$app->start_worker;
ok(reaches($id, 'sent'), 'a lost one gets a new job');
ok(!mail($other), 'an old one is deleted');
$sink->stop;

# ---- faulty TLS
$app->end('worker_proc');
$sink = T::Smtp->sink(port => $port);
$app->{conf}{'mail.tls'} = 'required';
$app->write_config;
$app->start_worker;
$id = queue('bob@example.org');
ok(put_off($id, 2), 'TLS is required and not there: put off');
is(count($sink), 0, 'nothing goes out in the clear');
$app->end('worker_proc');
$app->{conf}{'mail.tls'} = 'optional';
$app->write_config;
$app->start_worker;
ok(reaches($id, 'sent'), 'optional: sent without');
$sink->stop;
$app->end('worker_proc');

my $mta = T::Smtp->postfix;
my $secret = T::Proc->folder('mail');
T::Smtp::spew("$secret/password", "wrong\n");
T::Proc::own("$secret/password");
$app->{conf} = { %{ $app->{conf} }, 'mail.server' => $mta->url,
    'mail.tls' => 'required', 'mail.user' => 'mailer',
    'mail.password_file' => "$secret/password" };
$app->write_config;
$app->start_worker;
$id = queue('bob@example.org');
ok(put_off($id, 1), 'an authority that is not trusted: put off');
$app->end('worker_proc');
unlike($mta->log, qr/sasl_username/, 'and the password is not sent');
$app->{conf}{'mail.ca_file'} = "$mta->{dir}/ca.pem";
$app->write_config;
$app->start_worker;
$client->post("/api/user/mail/$id/retry");
ok(put_off($id, 2), 'a wrong password is the site\'s affair: put off');
T::Smtp::spew("$secret/password", "let me in\n");
ok(reaches($id, 'sent'), 'until it is right');
is(scalar $mta->wait_for(1, 10), 1, 'arrived');
$app->end('worker_proc');
$app->{conf}{'mail.server'} = $mta->tls_url;
$app->{conf}{'mail.tls'} = 'none';
$app->write_config;
$app->start_worker;
$id = queue('bob@example.org');
ok(reaches($id, 'sent'), 'TLS from the start');
like(($mta->wait_for(2, 10))[-1], qr/with ESMTPSA/, 'it is');
$id = queue('bob@elsewhere.example');
ok(reaches($id, 'failed'), 'a domain that the server does not know');
like(mail($id)->{error}, qr/^5\d\d .*bob\@elsewhere/, 'in its words');

# ---- what the administrator sees
sub doctor { return ($app->admin('doctor'))[1] }
unlike(doctor(), qr/setting: mail/, 'doctor finds nothing wrong with mail');
T::Smtp::spew($app->dir . '/etc/mail/reset.html', '{{#name}}');
like(doctor(), qr/error: setting: mail\.templates\n.*reset\.html: line 1/,
    'a broken template');
unlink "$secret/password";
like(doctor(), qr/error: setting: mail\.password_file/,
    'a password that is not there');

# ---- page by page
my @list = map { $_->{id} } @{ $client->get('/api/user/mail')->json };
cmp_ok(scalar @list, '>', 4, 'the list');
is_deeply([ map { $_->{id} } map { @{ $client->get(
    "/api/user/mail?limit=2&before=$_")->json } } $list[0], $list[2] ],
    [ @list[ 1 .. 4 ] ], 'page by page');
is($client->get('/api/user/mail?limit=101')->status, 400, 'not all at once');
is($client->get('/api/user/mail?before=x')->status, 400, 'no such page');
unlike($app->log, qr/let me in|bob\@/, 'no secret and no address is logged');

$app->finish;
$mta->stop;
done_testing;
