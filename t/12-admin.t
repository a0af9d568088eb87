#!/usr/bin/perl
# The administrator's command: what it creates, what it prints for scripts, what
# it refuses.

use strict;
use warnings;
use JSON::PP ();
use T::App;
use Test::More;

my $app = T::App->new(worker => 0);

sub fails {
    my ($name, $words, @arguments) = @_;
    my ($status, $out, $err) = $app->admin(@arguments);

    cmp_ok($status, '>', 0, "$name: refused");
    cmp_ok($status, '<', 128, "$name: in order");
    like($err, $words, "$name: says why");
    is($out, '', "$name: no answer beside it");
}
sub json { return JSON::PP->new->utf8->decode($app->admin_ok(@_)) }

# ---- secrets and folders
my $secrets = T::Site::slurp($app->dir . '/secrets');
is((stat $app->dir . '/secrets')[2] & 07777, 0600, 'secrets for one account only');
$app->admin_ok('init');
is(T::Site::slurp($app->dir . '/secrets'), $secrets,
    'a second init leaves them');
for my $folder (qw(user-media general tmp trash thumbs)) {
    my @stat = stat $app->storage . "/$folder";
    ok(@stat, "the folder $folder is there");
    is($stat[2] & 0007, 0, "$folder is closed to others");
}

# ---- accounts
my $ann = json('user', 'add', 'ann', '--email', 'ann@example.org',
    '--display-name', 'Ann <b>', '--password-stdin', '--json',
    { input => "a good password\n" });
is_deeply([ sort keys %$ann ], [qw(folders id username)], 'an account');
is(scalar @{ $ann->{folders} }, 4, 'with four folders');
is(scalar(grep { -d } @{ $ann->{folders} }), 4, 'that are there');
is($app->client->login('ann', 'a good password')->status, 200,
    'it can sign in');
fails('the same name', qr/taken/, 'user', 'add', 'ann', '--email',
    'other@example.org', '--password-stdin', { input => "another one\n" });
fails('the name in capitals', qr/taken/, 'user', 'add', 'ANN', '--email',
    'other@example.org', '--password-stdin', { input => "another one\n" });
fails('a bad name', qr/name/, 'user', 'add', 'a/b', '--email',
    'other@example.org', '--password-stdin', { input => "another one\n" });
fails('a bad address', qr/e?mail|address/, 'user', 'add', 'bob', '--email',
    'nowhere', '--password-stdin', { input => "another one\n" });
fails('no password', qr/password/, 'user', 'add', 'bob', '--email',
    'bob@example.org', '--password-stdin', { input => "\n" });
fails('nobody of that name', qr/carl/, 'user', 'passwd', 'carl',
    '--password-stdin', { input => "another one\n" });
fails('an unknown role', qr/role|emperor/, 'user', 'role', 'ann',
    'emperor');
fails('no such command', qr/usage/, 'dance');
is($app->db->value('SELECT COUNT(*) FROM users'), 1, 'one account it is');

my $client = $app->client;
$client->login('ann', 'a good password');
$app->admin_ok('user', 'passwd', 'ann', '--password-stdin',
    { input => "a new password\n" });
is($client->get('/api/auth/me')->status, 401, 'a new password ends sessions');
is($client->login('ann', 'a new password')->status, 200, 'and opens');
$app->admin_ok('user', 'role', 'ann', 'moderator');
is($client->get('/api/auth/me')->json->{user}{role}, 'moderator',
    'a role is seen at once');
my $list = json('user', 'list', '--json');
$list = $list->{users} if ref $list eq 'HASH';
is_deeply([ map { $_->{username} } @$list ], ['ann'], 'the list for scripts');
unlike(JSON::PP->new->encode($list), qr/argon2|hash/, 'without its hash');

# ---- a quota
$app->admin_ok('user', 'quota', 'ann', '100000');
my $r = $client->post('/api/user/media', multipart => [ file => {
    filename => 'a.gif', body => 'GIF89a' . 'x' x 60000 } ]);
is($r->status, 201, 'below the quota') or diag($r->body);
$r = $client->post('/api/user/media', multipart => [ file => {
    filename => 'b.gif', body => 'GIF89a' . 'x' x 60000 } ]);
is($r->status, 507, 'above it');
is(scalar($app->files($client)), 1, 'nothing was kept');
$app->admin_ok('user', 'quota', 'ann', '0');

# ---- keys
my $key = json('key', 'add', 'ann', 'backup', '--scopes', 'media:read',
    '--json');
is_deeply([ sort keys %$key ], [qw(id key)], 'a key');
my $script = $app->client->always('X-API-KEY', $key->{key});
is($script->get('/api/user/media')->status, 200, 'opens');
is($script->post('/api/media/1/share', json => {})->status, 403,
    'within its scopes');
unlike($app->admin_ok('key', 'list', 'ann'), qr/\Q$key->{key}\E/,
    'is not listed as it is');
$app->admin_ok('key', 'revoke', $key->{id});
is($script->get('/api/user/media')->status, 401, 'is revoked at once');
fails('an unknown scope', qr/scope|fly/, 'key', 'add', 'ann', 'x',
    '--scopes', 'fly');
fails('a time that has passed', qr/future/, 'key', 'add', 'ann',
    'x', '--expires', '2001-01-01');

# ---- sync and status
$app->drop($ann, 'Uploads', 'dropped.gif', content => 'GIF89a');
$app->admin_ok('sync', 'ann');
is($app->db->value("SELECT COUNT(*) FROM media WHERE original_name ="
    . " 'dropped.gif'"), 1, 'sync finds the new files');
my $status = json('status', '--json');
is(ref $status, 'HASH', 'the status for scripts');

# ---- shares
$app->user('bob');
my ($owner, $carl) = $app->signed_in('carl');
$app->drop($carl, 'Uploads', 'shared.gif', content => 'GIF89a');
my $media = (grep { $_->{originalName} eq 'shared.gif' }
    $app->files($owner))[0]{uuid};
sub shared {
    my $r = $owner->post('/api/v1/shares', json => { target_type => 'media',
        target_id => $media, @_ });
    is($r->status, 200, 'a share') or diag($r->body);
    return $r->json;
}
my $link = shared(recipient_type => 'public_link', max_uses => 3);
my $given = shared(recipient_type => 'user', recipient_username => 'bob');
my @shares = @{ json('share', 'list', '--user', 'carl', '--json') };
is_deeply([ map { $_->{id} } @shares ], [ $given->{id}, $link->{id} ],
    'are listed, the newest first');
is($shares[0]{recipient}, 'bob', 'to whom');
is($shares[1]{limit}, 3, 'with the limit');
is(scalar @{ json('share', 'list', '--limit', 1, '--json') }, 1, 'one of them');
is(json('share', 'list', '--before', $shares[0]{number}, '--json')->[0]{id},
    $link->{id}, 'and from there on');
is_deeply(json('share', 'list', '--user', 'bob', '--json'), [], 'bob has none');
like($app->admin_ok('share', 'list'), qr/$link->{id}  active .*0 of 3 uses/,
    'for people too');
is(json('share', 'show', $link->{id})->{url}, $link->{url}, 'one of them');
my $guest = $app->client;
my $open = "/api/v1/shared/$link->{public_token}";
is($guest->get($open)->status, 200, 'it opens');
is($guest->get($open)->status, 200, 'again');
$app->admin_ok('share', 'expire', $link->{id});
is($guest->get($open)->status, 404, 'until it is ended');
is(json('share', 'show', $link->{id})->{status}, 'expired', 'its status is expired');
fails('ended already', qr/already expired/, 'share', 'expire', $link->{id});
is($owner->patch("/api/v1/shares/$link->{id}", json => {
    expires_at => undef })->status, 200, 'its owner sets another end');
is($guest->get($open)->status, 200, 'and it opens again');
$app->admin_ok('share', 'revoke', $link->{id});
is($guest->get($open)->status, 404, 'until it is revoked');
is($owner->patch("/api/v1/shares/$link->{id}", json => {
    expires_at => undef })->status, 404, 'for good');
is($owner->get("/api/v1/shares/$link->{id}/activity")->json->[0]{action},
    'revoked', 'and in its log');
fails('revoked already', qr/not found/, 'share', 'revoke', $link->{id});
fails('an unknown share', qr/No share/, 'share', $_, 'x')
    for qw(show revoke expire);
my $carls = shared(recipient_type => 'public_link');
$carls = "/api/v1/shared/$carls->{public_token}";
ok(T::Proc->until_true(10, sub { $guest->get($carls)->status == 200
    && $app->db->value('SELECT uses FROM shares ORDER BY id DESC LIMIT 1') }),
    'one is opened, and kept');
is($app->client->get($carls)->status, 200, 'by everybody');
$app->admin_ok('user', 'disable', 'carl');
is($app->client->get($carls)->status, 404, 'until its owner is disabled');
$app->admin_ok('user', 'enable', 'carl');

# ---- a configuration that is wrong: no program starts with it
sub run_with {
    my ($path, $program, @arguments) = @_;
    return T::Proc->run(command => [ $app->program($program), '--config',
        $path, @arguments ]);
}
sub write_file {
    my ($path, $text) = @_;
    open my $fh, '>', $path or die "$path: $!";
    print $fh $text;
    close $fh or die "$path: $!";
    return $path;
}
sub own_file {
    my $path = write_file(@_);
    T::Proc::own($path);
    return $path;
}
my $conf = T::Site::slurp($app->config);
my $wrong = $app->dir . '/wrong.conf';
for my $case ([ "[site]\nbase_urk = x\n", qr/line 2: .*base_urk/ ],
    [ "[upload]\nmax_size = many\n", qr/max_size.*many.*a size/ ],
    [ "rubbish\n", qr/line 1/ ],
    [ "[mail]\nserver = smtp://x.example\n", qr/\[mail\] from: must be/ ],
    [ "[vault]\n\ncategories = a:B\n", qr/line 3: \[vault\] cat.*"upload"/ ],
    [ "[watermark]\nkind = picture\n", qr/\[watermark\] picture: must/ ],
    [ "[database]\nsocket =\nhost =\n", qr/line 3: \[database\] host/ ],
    [ "[issuer]\nurl = http://localhost\n", qr/\[issuer\] url/ ]) {
    own_file($wrong, $case->[0]);
    my ($status, $out, $err) = run_with($wrong, 'vitrine', 'config', 'check');
    is($status, 78, 'a wrong configuration is refused');
    like($err, $case->[1], 'with the place in it');
    is($out, '', 'and not called good');
}
for my $program (['vitrine', 'status'], ['vitrine', 'init'], ['vitrine.fcgi',
        '--listen', $app->dir . '/no.sock'], ['vitrine-worker']) {
    my ($name, @arguments) = @$program;
    my ($status, undef, $err) = run_with($wrong, $name, @arguments);
    is($status, 78, "$name @arguments: does not start with it");
    like($err, qr/\[issuer\] url/, 'and says why');
}
own_file($wrong, "$conf\n[log]\nlevel = warning\n[activity]\naddress = all\n");
my ($status78, undef, $faults) = run_with($wrong, qw(vitrine config check));
is($status78, 78, 'two faults');
like($faults, qr/"warning": must be debug.*\n.*"all": must be full/,
    'are both shown');
my ($none, undef, $err) = run_with('/nowhere/vitrine.conf', qw(vitrine status));
is($none, 78, 'no configuration');
like($err, qr{/nowhere/vitrine\.conf}, 'names the file');
my ($good, $out, $warning) = $app->admin(qw(config check));
is($good, 0, 'a good configuration');
is($out, 'OK ' . $app->config . "\n", 'is called so');
like($warning, qr/base_url: is still http:\/\/localhost/, 'with a warning');

# ---- the daemons' options
for my $program (qw(vitrine vitrine.fcgi vitrine-worker vitrine-image)) {
    my ($status, $out) = T::Proc->run(command => [ $app->program($program),
        '--version' ]);
    is("$status $out" =~ s/\d[\w.+-]*$/N/mr, "0 $program N\n",
        "$program --version");
    ($status, $out) = T::Proc->run(command => [ $app->program($program),
        '--help' ]);
    is($status, 0, "$program --help");
    like($out, qr/^usage: $program/, 'shows its usage');
    ($status, $out, $err) = T::Proc->run(command => [ $app->program($program),
        'no-such-word' ]);
    is("$status $out", '2 ', "$program refuses unknown options");
    like($err, qr/usage: $program/, 'and shows its usage');
}

# ---- the worker's log
$app->{conf} = { 'log.level' => 'error' };
$app->write_config;
my $log = T::Site::slurp($app->dir . '/log');
$app->start_worker;
$app->drop($ann, 'Uploads', 'later.gif', content => 'GIF89a' . 'y' x 40);
$app->admin_ok('sync', 'ann');
ok(T::Proc->until_true(20, sub { $app->db->value("SELECT enrichment FROM media"
    . " WHERE original_name = 'later.gif'") =~ /^(completed|failed)$/ }),
    'the worker works');
$app->end('worker_proc');
is(join('', grep { /prog=vitrine-worker/ } T::Site::slurp($app->dir . '/log')
    =~ s/^\Q$log\E//r =~ /^.*\n/mg), '', 'without a word below its level');
$app->{conf} = {};
$app->write_config;

# ---- root hands all over to the account that owns the storage folder
SKIP: {
    my $account = T::Proc::account();
    skip 'not run by root', 23 if !defined $account;
    my ($uid, $gid) = (getpwnam $account)[2, 3];
    my $site = T::Proc->folder('site');
    my ($etc, $storage) = ("$site/etc", "$site/storage");
    my $path = "$etc/vitrine.conf";
    chown 0, 0, "$site" or die;
    chmod 0755, "$site" or die;
    mkdir $etc, 0750 or die;
    chown 0, $gid, $etc or die;
    write_file($path, $conf =~ s/^root = .*/root = $storage/mr
        =~ s/^file = .*/file = $etc\/secrets/mr);
    write_file("$etc/password", "secret\n");
    chown 0, $gid, $path, "$etc/password" or die;
    chmod 0640, $path, "$etc/password" or die;
    my $as_root = sub {
        return T::Proc->run(as_is => 1, ref $_[-1] ? %{ pop @_ } : (),
            command => [ $app->program('vitrine'), '--config', $path, @_ ]);
    };
    my $refused = sub {
        my ($name, $words) = @_;
        my ($status, $out, $err) = $as_root->('init');
        isnt($status, 0, "$name: refused");
        like($err, $words, "$name: says what to do");
        ok(!-e "$etc/secrets", "$name: nothing is made");
    };

    $refused->('no storage folder', qr/\Q$storage\E is missing.*tmpfiles/);
    mkdir $storage, 0750 or die;
    chown $uid, $gid, $storage or die;
    chmod 0660, $path or die;
    $refused->('the account may write it', qr/chmod go-w/);
    chmod 0640, $path or die;
    chown +(getpwnam 'nobody')[2], $gid, $path or die;
    $refused->("somebody else's", qr/chown root/);
    chown 0, $gid, $path or die;

    my ($status, undef, $err) = $as_root->('init');
    is("$status $err", '0 ', 'root sets a site up');
    my @stat = stat "$etc/secrets";
    is(sprintf('%d %o', $stat[4], $stat[2] & 07777), "$uid 600",
        'only the account can read the secrets');
    ($status) = $as_root->('init');
    is($status, 0, 'and again');
    ($status, undef, $err) = $as_root->('user', 'add', 'rooted', '--email',
        'rooted@example.org', '--password-stdin', { input => "a good one\n" });
    is("$status $err", '0 ', 'root makes an account');
    my @foreign = grep { (lstat $_)[4] != $uid }
        split /\n/, `find '$storage' -mindepth 1`;
    is(join(' ', @foreign), '', 'and no file but of the account');
    ok(-d "$storage/user-media/users", 'where there are some');
    ($status, $out, $err) = $as_root->(qw(config check));
    is($status, 0, 'the configuration is good') or diag($err);
    # Root could read it, and the account not.
    my $mail = "[mail]\nserver = smtps://x.example\nfrom = a\@b.example\n"
        . "user = x\npassword_file = $etc/password\n";
    my $text = T::Site::slurp($path);
    write_file($path, "$text$mail");
    ($status, $out, $err) = $as_root->(qw(config check));
    is($status, 0, 'a password file for the group') or diag($err);
    chmod 0600, "$etc/password" or die;
    ($status, $out, $err) = $as_root->(qw(config check));
    is($status, 78, 'one for root only');
    like($err, qr/password_file.*Permission denied/, 'which is no use');
    chmod 0640, "$etc/password" or die;

    # Its daemons too.
    for my $program ([ 'vitrine-worker' ], [ 'vitrine.fcgi', '--listen',
            $app->dir . '/root.sock', '--workers', 1 ]) {
        my ($name, @arguments) = @$program;
        my $daemon = T::Proc->start(name => $name, as_is => 1,
            log => "$site/log", command => [ $app->program($name), '--config',
                $path, @arguments ]);
        ok(T::Proc->until_true(10, sub { T::Site::slurp("$site/log")
            =~ /prog=\Q$name\E .*event=(start pause|child-start)/ }),
            "root starts $name") or diag(T::Site::slurp("$site/log"));
        is(join(' ', map { (stat "/proc/$_")[4] } $daemon->pid,
            T::Proc->children($daemon->pid)) =~ s/\b$uid\b/u/gr =~ s/( u)+//r,
            'u', "$name runs as the account");
        is($daemon->stop, 0, "$name ends in order");
    }
    chown 0, 0, "$etc/secrets" or die;
    ($status, $out, $err) = $as_root->(qw(config check));
    is($status, 78, 'secrets that were left to root');
    like($err, qr/secrets: Permission denied; give it .*chown/, 'the advice');
    chown $uid, $gid, "$etc/secrets" or die;

    chown +(getpwnam 'nobody')[2], -1, $storage or die;
    ($status, undef, $err) = run_with($path, qw(vitrine status));
    is($status, 78, 'another login');
    like($err, qr/runuser -u nobody --/, 'sees the account of the site');
    chown 0, 0, $storage, "$etc/secrets" or die;
    chmod 0700, $storage or die;
    ($status, undef, $err) = $as_root->('init');
    is("$status $err", '0 ', "a storage folder of root's stays root's");
}

$app->finish;
done_testing;
