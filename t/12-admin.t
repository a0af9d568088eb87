#!/usr/bin/perl
# The administrator's command: what it makes, what it tells scripts, what it
# refuses.

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
is((stat $app->dir . '/secrets')[2] & 07777, 0600, 'secrets for one alone');
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
fails('a role that is none', qr/role|emperor/, 'user', 'role', 'ann',
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
fails('a scope that is none', qr/scope|fly/, 'key', 'add', 'ann', 'x',
    '--scopes', 'fly');
fails('a time that has passed', qr/expire|past|time/i, 'key', 'add', 'ann',
    'x', '--expires', '2001-01-01');

# ---- sync and status
$app->drop($ann, 'Uploads', 'dropped.gif', content => 'GIF89a');
$app->admin_ok('sync', 'ann');
is($app->db->value("SELECT COUNT(*) FROM media WHERE original_name ="
    . " 'dropped.gif'"), 1, 'sync finds what was dropped');
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
is_deeply(json('share', 'list', '--user', 'bob', '--json'), [], 'none of his');
like($app->admin_ok('share', 'list'), qr/$link->{id}  active .*0 of 3 uses/,
    'for people too');
is(json('share', 'show', $link->{id})->{url}, $link->{url}, 'one of them');
my $guest = $app->client;
my $open = "/api/v1/shared/$link->{public_token}";
is($guest->get($open)->status, 200, 'it opens');
is($guest->get($open)->status, 200, 'again');
$app->admin_ok('share', 'expire', $link->{id});
is($guest->get($open)->status, 404, 'until it is ended');
is(json('share', 'show', $link->{id})->{status}, 'expired', 'which is told');
fails('ended already', qr/over/, 'share', 'expire', $link->{id});
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
fails('a share that is none', qr/no share/, 'share', $_, 'x')
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

# ---- a configuration that is wrong
for my $case ([ "[site]\nbase_urk = x\n", qr/base_urk/ ],
    [ "[upload]\nmax_size = many\n", qr/max_size.*many/ ],
    [ "rubbish\n", qr/line 1/ ]) {
    my $path = $app->dir . '/wrong.conf';
    open my $fh, '>', $path or die "$path: $!";
    print $fh $case->[0];
    close $fh;
    T::Proc::own($path);
    my ($status, undef, $err) = T::Proc->run(command => [
        $app->program('vitrine'), '--config', $path, 'status' ]);
    isnt($status, 0, 'a wrong configuration is refused');
    like($err, $case->[1], 'with the place in it');
}
my ($none, undef, $err) = T::Proc->run(command => [
    $app->program('vitrine'), '--config', '/nowhere/vitrine.conf', 'status' ]);
isnt($none, 0, 'no configuration');
like($err, qr{/nowhere/vitrine\.conf}, 'names the file');

$app->finish;
done_testing;
