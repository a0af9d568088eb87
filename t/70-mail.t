#!/usr/bin/perl
# Mail, with a Postfix with STARTTLS and AUTH: a forgotten password is reset as
# a person would do it, and any text in a mail arrives complete and never
# becomes a header. Another mail program reads the mails.

use strict;
use warnings;
use utf8;
use Encode qw(encode_utf8);
use Time::HiRes qw(time);
use T::App;
use T::Smtp;
use Test::More;

binmode $_, ':encoding(UTF-8)' for Test::More->builder->output,
    Test::More->builder->failure_output;

plan(skip_all => 'there is no postfix') if !defined T::Smtp::root();
my $mta = T::Smtp->postfix(domains => [ 'xn--bcher-kva.example' ]);
my $secret = T::Proc->folder('mail');
T::Smtp::spew("$secret/password", "let me in\nand nothing else\n");
T::Proc::own("$secret/password");
my $site = 'Ännchens "Vitrine"';
my $app = T::App->new(conf => {
    'site.name' => encode_utf8($site),
    'site.base_url' => 'http://vitrine.example',
    'mail.server' => $mta->url, 'mail.ca_file' => "$mta->{dir}/ca.pem",
    'mail.user' => 'mailer', 'mail.password_file' => "$secret/password",
    'mail.from' => 'site@vitrine.example', 'mail.pause' => '1s',
    'mail.timeout' => '10s', 'mail.hourly_resets' => 100 });
my $db = $app->db;
my $seen = 0;

# The next mail that arrives, parsed.
sub arrives {
    my ($name) = @_;
    my @mails = $mta->wait_for($seen + 1, 20);

    is(scalar @mails, $seen + 1, "$name: one mail arrives")
        or BAIL_OUT($app->log . $mta->log);
    my %is = map { $_ => 1 } @{ $mta->{known} };
    my ($new) = grep { !$is{$_} } @mails;
    $mta->{known} = \@mails;
    $seen = @mails;
    my $m = T::Smtp->parse($new);
    is_deeply($m->{defects}, [], "$name: without a fault in its form");
    is_deeply($m->{types}, [ qw(multipart/alternative text/plain text/html) ],
        "$name: plain and HTML");
    return ($m, $new);
}

# Nothing is on its way any more.
sub quiet {
    T::Proc->until_true(20, sub { !$db->value('SELECT COUNT(*) FROM jobs'
        . " WHERE kind = 'mail'") }) or diag($app->log);
    return scalar $mta->mails;
}

sub link_in {
    my ($m) = @_;
    my ($link) = $m->{text} =~ m{^http://vitrine\.example(/reset\?token=\S+)$}m;
    return $link // BAIL_OUT("no link in $m->{text}");
}

# ---- a person who has forgotten the password
my ($ann, $account) = $app->signed_in('ann');
my $bearer = $app->client->always(Authorization => 'Bearer '
    . $app->client->post('/api/auth/token', json => { username => 'ann',
        password => $account->{password} })->json->{access_token});
is($bearer->get('/api/auth/me')->status, 200, 'signed in by token too');
my $person = $app->client->always(Accept => 'text/html');
like($person->get('/login')->body, qr{<a href="/forgotten">},
    'the page to sign in leads to it');
like($person->get('/forgotten')->body, qr{name="email"}, 'a form');
my $asked = $person->post('/forgotten', form => [
    email => 'ann@example.org' ]);
is($asked->status, 200, 'asked');
my ($m, $bytes) = arrives('a reset');
is_deeply($m->{from}, [ [ $site, 'site@vitrine.example' ] ], 'from the site');
is_deeply($m->{to}, [ [ '', 'ann@example.org' ] ], 'to the account');
is($m->{subject}, "Reset your password for $site", 'its subject');
like($m->{header}{'message-id'}[0],
    qr/^<[0-9a-f-]{36}\@vitrine\.example>$/, 'a Message-ID');
is($m->{header}{'auto-submitted'}[0], 'auto-generated', 'not by a person');
ok(!$m->{header}{'list-unsubscribe'}, 'and none to unsubscribe from');
like($m->{header}{received}[0], qr/^from vitrine\.example /,
    'greeted by our name');
like($m->{header}{received}[0], qr/ESMTPSA/, 'over TLS, signed in');
my $link = link_in($m);
my ($token) = $link =~ /token=(.*)/;
ok((grep { $_ eq "http://vitrine.example$link" } @{ $m->{links} }),
    'the same link in HTML');
like($m->{shown}, qr/Hello ann/, 'and the same words');
my $rows = join "\n", map { my $table = $_->[0];
    map { join "\t", map { $_ // '' } @$_ } $db->rows("SELECT * FROM $table")
    } $db->rows('SHOW TABLES');
unlike($rows, qr/\Q$token\E/, 'the link is stored nowhere');
unlike($app->log, qr/\Q$token\E/, 'nor logged');
is($db->value('SELECT state FROM outbox'), 'sent', 'and recorded as sent');

my $r = $person->get($link);
is($r->status, 200, 'the link opens');
like($r->body, qr/name="password"/, 'a form');
like($r->header('Cache-Control'), qr/no-store/, 'that is not kept');
sub choose {
    my ($password, $again) = @_;
    return $person->post('/reset', form => [ token => $token,
        password => $password, again => $again // $password ]);
}
$r = choose('nothing else', 'nothing');
is($r->status, 400, 'not the same twice');
like($r->body, qr/do not match/, 'says so');
$r = choose('short');
is($r->status, 400, 'too short');
like($r->body, qr/at least 8/, 'says so');
is($ann->get('/api/auth/me')->status, 200, 'nothing has ended yet');
$app->client->login('ann', 'wrong') for 1 .. 12;
is($app->client->login('ann', $account->{password})->status, 429,
    'too many wrong ones have been tried');
$r = choose('nothing else');
is($r->status, 303, 'set');
is($r->header('Location'), '/login?reset=done', 'on to sign in');
like($person->get('/login?reset=done')->body, qr/password has been changed/,
    'which says so');
is($app->client->login('ann', 'nothing else')->status, 200, 'the new one');
is($app->client->login('ann', $account->{password})->status, 401,
    'not the old one');
is($ann->get('/api/auth/me')->status, 401, 'sessions have ended');
is($bearer->get('/api/auth/me')->status, 401, 'tokens too');

# ---- an invalid link
my $again = $person->get($link);
is($again->status, 400, 'a second time');
is(choose('nothing else')->status, 400, 'by the form too');
sub ask {
    my ($email, %o) = @_;
    return $app->client->post('/api/auth/reset', json => { email => $email },
        %o);
}
sub confirm {
    my ($token, $password) = @_;
    return $app->client->post('/api/auth/reset/confirm', json => {
        token => $token, password => $password // 'yet another one' });
}
my $used = confirm($token);
is($used->status, 400, 'by the API too');
is(confirm('x' x 43)->body, $used->body, 'a wrong one gets the same answer');
is(confirm('x')->body, $used->body, 'a short one');
is(confirm("\x{5d0}")->body, $used->body, 'an invalid one');
is($person->get('/reset?token=' . 'x' x 43)->body, $again->body,
    'on the page as well');
is($person->get('/reset')->body, $again->body, 'or without');

is(ask('ann@example.org')->status, 202, 'asked once more');
($m) = arrives('an old link');
$link = link_in($m);
($token) = $link =~ /token=(.*)/;
cmp_ok(abs($db->value('SELECT TIMESTAMPDIFF(SECOND, NOW(3), MAX(expires_at))'
    . ' FROM password_resets') - 3600), '<', 60, 'it is good for an hour');
$db->rows('UPDATE password_resets SET expires_at = NOW(3) - INTERVAL 1 SECOND');
is(confirm($token)->body, $used->body, 'over an hour old');
is($person->get($link)->body, $again->body, 'on the page as well');

ask('ann@example.org');
($m) = arrives('after a change');
link_in($m) =~ /token=(.*)/;
$token = $1;
my $signed = $app->client;
$signed->login('ann', 'nothing else');
is($signed->put('/api/auth/password', json => { current => 'nothing else',
    new => 'changed by herself' })->status, 204, 'changed in the meantime');
is(confirm($token)->body, $used->body, 'so the link is not good any more');

ask('ann@example.org');
($m) = arrives('at once');
link_in($m) =~ /token=(.*)/;
$token = $1;
pipe my $in, my $out or die "pipe: $!";
my @children = map {
    my $n = $_;
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        syswrite $out, confirm($token, "password number $n")->status . "\n";
        POSIX::_exit(0);
    }
    $pid
} 1 .. 6;
waitpid $_, 0 for @children;
close $out;
my @statuses = sort map { chomp; $_ } <$in>;
is("@statuses", '204 400 400 400 400 400', 'six at once: only one sets it')
    or diag($app->log);

# ---- the answer does not reveal whether an address is known
my $known = ask('ann@example.org');
my $strange = ask('strange@example.org');
is($strange->status, $known->status, 'an unknown address: the same status');
is($strange->body, $known->body, 'and body');
arrives('the known one');
is(quiet(), $seen, 'nothing goes to the other');
is($db->value("SELECT COUNT(*) FROM outbox WHERE recipient LIKE 'strange%'"),
    0, 'nor is it stored');
like($person->post('/forgotten', form => [ email => 'strange@example.org' ])
    ->body =~ s/strange/ann/r, qr/^\Q@{[ $asked->body ]}\E$/,
    'the page is the same');
my $bob = $app->user('bob');
$app->admin_ok('user', 'disable', 'bob');
is(ask('bob@example.org')->body, $known->body, 'a disabled account: alike');
is(quiet(), $seen, 'and no mail');

$app->end('worker_proc');
$db->rows('DELETE FROM outbox');
my (%took, %left);
for my $i (1 .. 15) {
    for my $who (qw(ann strange)) {
        my $start = time;
        ask("$who\@example.org");
        push @{ $took{$who} }, time - $start;
    }
}
for my $who (qw(ann strange)) {
    $took{$who} = (sort { $a <=> $b } @{ $took{$who} })[7];
    $left{$who} = [ $db->rows('SELECT kind, state, subject, message, attempts,'
        . " user_id FROM outbox WHERE recipient = '$who\@example.org'") ];
}
is_deeply($left{ann}, $left{strange}, 'the request does the same for both');
cmp_ok($took{ann}, '<', 3 * $took{strange} + 0.01, 'as fast');
cmp_ok($took{strange}, '<', 3 * $took{ann} + 0.01, 'in both directions');
$db->rows('DELETE FROM outbox');
$db->rows("DELETE FROM jobs WHERE kind = 'mail'");

# ---- invalid requests queue nothing
for my $bad ('', 'ann', '@', 'ann@', '@example.org', 'ann@example.org ',
    "ann\@example.org\r\nBcc: bob\@example.org", "ann\0\@example.org",
    '"ann@bob"@example.org', 'ann@example.org, bob@example.org',
    '<ann@example.org>', 'ä@example.org', 'ann@[127.0.0.1]', 'a' x 65 . '@x',
    'ann@' . 'x' x 300, "\x{1f600}\@example.org", 'ann@exa mple.org') {
    $r = ask($bad);
    is($r->status, 400, "no address: " . substr $bad =~ s/[\r\n\0]/./gr, 0, 20);
    is($r->json->{field}, 'email', 'named') if $bad !~ /\0/;
    is($person->post('/forgotten', form => [ email => encode_utf8($bad) ])
        ->status, 400, 'nor on the page');
}
is(ask('a' x 9000)->status, 413, 'too large');
is($app->client->post('/api/auth/reset', json => {})->status, 400, 'missing');
is($app->client->post('/api/auth/reset', json => { email => 5 })->status, 400,
    'a number');
is($app->client->post('/api/auth/reset', body => 'email=ann@example.org',
    headers => { 'Content-Type' => 'text/plain' })->status, 415, 'no JSON');
is($app->client->post('/api/auth/reset', json => {
    email => 'ann@example.org' }, headers => {
    Origin => 'http://evil.example' })->status, 403, 'from another site');
is($db->value('SELECT COUNT(*) FROM outbox'), 0, 'nothing is queued');
is($db->value("SELECT COUNT(*) FROM jobs WHERE kind = 'mail'"), 0, 'no job');
$app->start_worker;

# ---- any text in a mail arrives, and never becomes a header
my %hostile = (
    'line ends' => "Eve\r\nBcc: eve\@example.org\r\n\r\nbody",
    'quotes' => q{"Eve" <eve@example.org>, 'x' & <b>bold</b>},
    'an encoded word' => '=?UTF-8?Q?=0D=0ABcc:_eve@example.org?=',
    'emoji' => "\x{1f600}\x{1f468}\x{200d}\x{1f469}" x 5,
    'right to left' => "\x{5e9}\x{5dc}\x{5d5}\x{5dd} \x{202e}abc",
    '1,000 characters' => 'x' x 500 . "\x{e4}" x 500,
    'a template' => '{{url}} {{#links}}',
    'dots' => "..\n.\n..hidden",
);
for my $name (sort keys %hostile) {
    my $text = $hostile{$name};
    my $words = encode_utf8($text);
    my ($status, $said) = T::Smtp->queue($app, 'links', $account->{id},
        'Someone@Bücher.example', "sender=$words", "message=$words\nand more",
        'item', "name=$words", 'url=http://vitrine.example/l/1?a=1&b=2',
        'item', 'name=second', 'url=http://vitrine.example/l/2',
        'unsubscribe=http://vitrine.example/u?t=1');
    is($status, 0, "$name: queued") or diag($said);
    ($m, $bytes) = arrives($name);
    is_deeply($m->{to}, [ [ '', 'Someone@xn--bcher-kva.example' ] ],
        "$name: to one recipient, at the domain's A-label");
    is_deeply([ sort map { $_->[0] } grep { $_->[0] !~
        /^(return-path|x-original-to|delivered-to|received)$/ }
        @{ $m->{headers} } ], [ sort qw(date from to subject message-id
        list-unsubscribe auto-submitted mime-version content-type) ],
        "$name: no other header");
    my $line = $text =~ s/[\r\n]/ /gr;
    is($m->{subject}, substr("$line has shared something with you", 0, 200)
        =~ s/ +$//r, "$name: in the subject");
    my $kept = $text =~ s/\r\n/\n/gr;
    like($m->{text}, qr/^\Q$kept\E shared this/m, "$name: in the text");
    like($m->{text}, qr/^\Q$kept\E\nand more$/m, "$name: in the message");
    like($m->{shown}, qr/\Q$kept\E\s+shared this/,
        "$name: and in HTML") if $name ne 'line ends' && $name ne 'dots';
    ok(!(grep { /^(b|script)$/ } @{ $m->{tags} }), "$name: as text");
    is_deeply([ grep { m{/l/} } @{ $m->{links} } ],
        [ 'http://vitrine.example/l/1?a=1&b=2',
        'http://vitrine.example/l/2' ], "$name: both links");
    is($m->{header}{'list-unsubscribe'}[0], '<http://vitrine.example/u?t=1>',
        "$name: and one to unsubscribe");
    my ($head) = $bytes =~ /^(.*?)\r?\n\r?\n/s;
    ok(!(grep { length > 998 } split /\r?\n/, $bytes), "$name: short lines");
}

my ($status, $said) = T::Smtp->queue($app, 'links', 0, 'ann@example.org',
    'sender=ann', map { ('item', "name=$_ " . "\xc3\xa4" x 300,
        "url=http://vitrine.example/l/$_") } 1 .. 300);
is($status, 0, 'a long one') or diag($said);
($m, $bytes) = arrives('a long one');
cmp_ok(length $bytes, '>', 300_000, 'of many bytes');
is(scalar(grep { m{/l/} } @{ $m->{links} }), 300, 'with each link');
is($m->{text} =~ tr/\x{e4}//, 90_000, 'to the last letter');

# ---- the administrator's own templates
my $folder = $app->dir . '/etc/mail';
T::Smtp::spew("$folder/links.txt", "Subject: For you: {{sender}}\n\n"
    . "{{#links}}{{name}}{{/links}} from {{site}}\n");
($status, $said) = T::Smtp->queue($app, 'links', 0, 'ann@example.org',
    'sender=eve', 'item', 'name=a & b');
($m) = arrives('another template');
is($m->{subject}, 'For you: eve', 'its subject');
is($m->{text}, "a & b from $site\n", 'its text');
T::Smtp::spew("$folder/links.txt", "Subject: x\n\n{{#links}}\n");
($status, $said) = T::Smtp->queue($app, 'links', 0, 'ann@example.org');
is($status, 1, 'one that is malformed');
like($said, qr/links\.txt: line \d+: a section has no end/, 'is reported');
T::Smtp::spew("$folder/links.txt", "no subject\n");
($status, $said) = T::Smtp->queue($app, 'links', 0, 'ann@example.org');
like($said, qr/links\.txt: its first line/, 'one without a subject');
($status, $said) = T::Smtp->queue($app, 'nothing', 0, 'ann@example.org');
like($said, qr/nothing\.txt: No such file/, 'one that is not there');
is(quiet(), $seen, 'and no mail goes out');

# ---- limits
$app->{conf}{'mail.hourly_resets'} = 3;
$app->write_config;
$app->stop;
$app->start_pool;
$db->rows('DELETE FROM tries');
my %from = (ann => '192.0.2.1', strange => '192.0.2.2');
for my $who (sort keys %from) {
    my @o = (params => { REMOTE_ADDR => $from{$who} });
    is(join(' ', map { ask("$who\@example.org", @o)->status } 1 .. 4),
        '202 202 202 429', "$who: three in an hour");
    $r = ask("\U$who\E\@Example.org", @o);
    is($r->status, 429, 'however it is spelt');
    cmp_ok($r->header('Retry-After'), '>', 3000, 'and how long to wait');
}
my @o = (params => { REMOTE_ADDR => '192.0.2.3' });
is(join(' ', map { ask("other$_\@example.org", @o)->status } 1 .. 14),
    join(' ', (202) x 12, (429) x 2), 'and twelve from one address');
$r = $person->post('/forgotten', form => [ email => 'ann@example.org' ],
    params => { REMOTE_ADDR => '192.0.2.4' });
is($r->status, 429, 'on the page as well');
like($r->body, qr/Too many requests/, 'which says so');

# ---- into a folder instead of a mail server
my $outbox = $app->dir . '/maildir';
$db->rows('DELETE FROM outbox');
$db->rows("DELETE FROM jobs WHERE kind = 'mail'");
delete $app->{conf}{"mail.$_"} for qw(user password_file ca_file);
$app->{conf}{'mail.server'} = "maildir:$outbox";
$app->write_config;
T::Smtp::spew("$folder/links.txt", "Subject: Links\n\n{{message}}\n");
T::Smtp->queue($app, 'links', 0, "$_\@example.org", "message=..\nFrom $_")
    for qw(ann bob);
my @stored = map { $_->[0] } $db->rows('SELECT message FROM outbox'
    . " WHERE state = 'queued' ORDER BY id");
T::Smtp::spew($outbox, "in the way\n");
my (undef, undef, $warning) = $app->admin('mail', 'queue');
like($warning, qr{server: \Q$outbox\E: Not a directory}, 'vitrine mail warns');
(undef, my $found) = $app->admin('doctor');
like($found, qr{mail\.server.*\Q$outbox\E: Not a directory}s,
    'vitrine doctor too');
$app->start_worker;
ok(T::Proc->until_true(20, sub { $db->value('SELECT COUNT(*) FROM outbox'
    . " WHERE state = 'queued' AND attempts > 0") == 2 }), 'mail waits');
is($db->value('SELECT MAX(last_error) FROM outbox WHERE attempts > 0'
    . " AND state = 'queued'"), 'The mail folder is not writable',
    'its sender learns why');
like($app->log, qr/mail_folder why="?\Q$outbox/, 'the log says which');
unlink $outbox or die "$outbox: $!";
is(quiet(), $seen, 'the mail server gets nothing');
my @files = glob "$outbox/new/*";
is(scalar @files, 2, 'one file for each mail');
is_deeply([ sort map { T::Site::slurp($_) } @files ], [ sort map {
    "Return-Path: <site\@vitrine.example>\r\nDelivered-To: "
    . (/^To: <(\S+)>/m)[0] . "\r\n$_" } @stored ],
    'the envelope, then the message as it was queued');
is(join(' ', map { sprintf '%o', (stat)[2] & 07777 } $outbox, @files),
    '700 600 600', 'for their owner only');
is(scalar(my @left = glob "$outbox/tmp/*"), 0, 'nothing is left in tmp');
is_deeply([ $db->rows('SELECT DISTINCT state, message, last_error FROM outbox'
    . " WHERE recipient IN ('ann\@example.org', 'bob\@example.org')"
    . ' AND subject = \'Links\'') ], [ [ 'sent', '', undef ] ],
    'recorded as sent');

# ---- a site without e-mail
delete $app->{conf}{"mail.$_"} for qw(server user);
$app->write_config;
$app->end('pool_proc');
$app->start_pool;
unlike($person->get('/login')->body, qr{/forgotten}, 'no mail: no link');
is($person->get('/forgotten')->status, 404, 'no page');
is($person->get('/reset')->status, 404, 'not the other');
is($person->post('/forgotten', form => [ email => 'ann@example.org' ])
    ->status, 404, 'no form');
is(ask('ann@example.org')->status, 404, 'no call');
for my $case ([ 'mail.server' => 'http://localhost' ],
    [ 'mail.server' => 'maildir:mail', 'mail.from' => 'a@example.org' ],
    [ 'mail.server' => 'smtp://localhost', 'mail.from' => 'nobody' ],
    [ 'mail.server' => 'smtp://localhost', 'mail.tls' => 'none',
        'mail.user' => 'x' ], [ 'mail.tls' => 'maybe' ]) {
    my %was = %{ $app->{conf} };
    $app->{conf} = { %was, @$case };
    $app->write_config;
    my ($status, undef, $err) = $app->admin('status');
    is($status, 78, "refused: @$case");
    like($err, qr/\[mail\] \w+/, 'and named');
    $app->{conf} = \%was;
}

$app->finish;
$mta->stop;
done_testing;
