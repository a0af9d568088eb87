#!/usr/bin/perl
# Outages: the database, the storage folder, the
# picture helper. Answers are 503 with Retry-After, nothing is
# half done, and everything works again afterwards.

use strict;
use warnings;
use JSON::PP ();
use T::App;
use T::Pictures;
use Test::More;
use Time::HiRes qw(time);

# The server is killed, so it must not be shared with other tests.
delete $ENV{VITRINE_TEST_MARIADB};
T::Pictures->need;
my $app = T::App->new(errors => qr/./);
# What was committed must outlive the kill.
$app->db->run_sql(undef, 'SET GLOBAL innodb_flush_log_at_trx_commit = 1');
my ($client, $ann) = $app->signed_in('ann');
my $photo = T::Pictures->content('IMG_1054.JPG');
my $r = $client->post('/api/user/media', multipart => [ file => {
    filename => 'a.jpg', body => $photo } ]);
my $id = $r->json->{files}[0]{id};
ok($app->enriched($client), 'all is well');
my $url = $client->get("/api/user/media/$id")->json->{url}
    =~ s{^http://localhost}{}r;

sub away {
    my ($name, $r) = @_;
    is($r->status, 503, "$name: 503");
    like($r->header('Retry-After') // '', qr/^\d+$/, "$name: try later");
}
sub back {
    return T::Proc->until_true(20, sub {
        my $r = eval { $app->client->get('/healthz') };
        $r && $r->status == 200;
    });
}

# ---- the database
my @children = T::Proc->children($app->pool->pid);
$app->db->kill_server;
away('no database, healthz', $app->client->get('/healthz'));
my $begin = time;
away('no database, a list', $client->get('/api/user/media'));
ok($client->get('/api/user/media')->json->{message},
    'no database: in the dialect of the API');
away('no database, signing in',
    $app->client->login('ann', $ann->{password}));
away('no database, a file', $app->client->get($url));
away('no database, a share', $client->post("/api/media/$id/share",
    json => {}));
cmp_ok(time - $begin, '<', 20, 'no database: answers come soon');
away('no database, an upload', $client->post('/api/user/media',
    multipart => [ file => { filename => 'b.jpg', body => $photo } ]));
$r = $client->get('/vault', headers => { Accept => 'text/html' });
is($r->status, 503, 'no database: a page');
like($r->header('Content-Type'), qr/html/, 'no database: for people');
is_deeply([ T::Proc->children($app->pool->pid) ], \@children,
    'no database: the processes stay');
$app->db->start_server;
ok(back(), 'the database is back: recovers by itself');
is($client->get('/api/user/media')->status, 200, 'sessions have stayed');
is($client->post('/api/user/media', multipart => [ file => {
    filename => 'c.jpg', body => $photo } ])->status, 201, 'uploads go on');
ok($app->enriched($client), 'and the worker');

# ---- storage
chmod 0000, $app->storage or die;
away('no storage, healthz', $app->client->get('/healthz'));
away('no storage, an upload', $client->post('/api/user/media',
    multipart => [ file => { filename => 'd.jpg', body => $photo } ]));
my $count = $app->db->value("SELECT COUNT(*) FROM media WHERE state = 'live'");
$client->get('/api/user/media');
is($app->db->value("SELECT COUNT(*) FROM media WHERE state = 'live'"), $count,
    'no storage: no file is taken for deleted');
chmod 0750, $app->storage;
ok(back(), 'storage is back');
# An upload that was refused may have left its file: it is found then.
is_deeply([ sort grep { $_ ne 'b.jpg' } map { $_->{originalName} }
    $app->files($client) ], [qw(a.jpg c.jpg)], 'with every file');
is($app->client->get($url)->status, 200, 'that can be opened');

# ---- the picture helper
my $helper = $app->program('vitrine-image');
rename $helper, "$helper.away";
$r = $client->post("/api/media/$id/share", json => {
    shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
    tags => ['nature'] });
cmp_ok($r->status, '>=', 500, 'no helper: nothing is shared');
is_deeply([ $app->objects('general') ], [], 'no helper: nor published');
is($client->get('/api/user/media')->status, 200, 'no helper: the rest goes on');
rename "$helper.away", $helper;
$r = $client->post("/api/media/$id/share", json => {
    shareToCommunity => JSON::PP::true, consent => JSON::PP::true,
    tags => ['nature'] });
is($r->status, 200, 'the helper is back') or diag($r->body);

$app->finish;
done_testing;
