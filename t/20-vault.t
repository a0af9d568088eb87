#!/usr/bin/perl
# The vault: uploads, files dropped into its folders, the list with its filters
# and the sync behind it, enrichment by the worker, and that others cannot see
# any of it.

use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use T::App;
use T::Pictures;
use POSIX ();
use T::Site;
use Test::More;
use utf8;

binmode Test::More->builder->$_, ':utf8'
    for qw(output failure_output todo_output);
T::Pictures->need;
my $app = T::App->new(worker => 0, conf => { 'upload.max_size' => '8M' });
my ($client, $ann) = $app->signed_in('ann');
my ($stranger) = $app->signed_in('eve');
my $photo = T::Pictures->content('IMG_1054.JPG');

# ---- nothing yet
my $r = $client->get('/api/user/media');
is($r->status, 200, 'an empty vault');
is_deeply($r->json, { files => [], totalCount => 0, categories => {
    'smart-caption' => 0, babecock => 0, hypnococks => 0, upload => 0 } },
    'in the shape of the contract');
is($app->client->get('/api/user/media')->status, 401, 'for its owner only');

# ---- upload
$r = $client->post('/api/user/media', multipart => [
    file => { filename => 'a photo.jpg', type => 'text/plain',
        body => $photo },
    file => { filename => 'webp.png', type => 'image/png',
        body => T::Pictures->content('tux.lossless.webp') } ]);
is($r->status, 201, 'two files are uploaded') or diag($r->body);
my ($file, $webp) = @{ $r->json->{files} };
is($file->{originalName}, 'a photo.jpg', 'the first by its name');
is($file->{category}, 'upload', 'as an upload');
is($file->{size}, length $photo, 'whole');
like($file->{path}, qr{^users/\Q$ann->{id}\E/Uploads/[^/]+$},
    'in its folder');
is($webp->{path}, "users/$ann->{id}/Uploads/webp.png",
    'the second as well');
is(T::Site::slurp($app->storage . "/user-media/$file->{path}"), $photo,
    'the bytes are there');
is_deeply([ sort keys %$file ], [ sort qw(id uuid name title originalName
    category size mimeType lastModified created_at url path subreddit width height
    caption isShared shareCode shareToCommunity characterName enrichmentStatus
    enrichmentError enrichedAt) ], 'a file object has its fields');
for my $field (qw(lastModified created_at)) {
    like($file->{$field}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
        "$field is a time");
}

$r = $client->post('/api/user/media', multipart => [ file => {
    filename => 'a photo.jpg', body => $photo } ]);
is($r->status, 201, 'the same name again');
my $twin = $r->json->{files}[0];
isnt($twin->{path}, $file->{path}, 'gets a number');
is($client->delete("/api/user/media/$twin->{id}")->status, 204,
    'and is deleted by its own');

my @before = $app->objects('user-media');
for my $case (
    [ 400, 'no file', [ other => 'x' ] ],
    [ 413, 'too large', [ file => { filename => 'big.jpg',
        body => "\xff\xd8\xff" . 'x' x (9 << 20) } ] ],
    [ 403, 'a category that is not for everybody', [ category => 'babecock',
        file => { filename => 'b.jpg', body => $photo } ] ],
) {
    my ($status, $name, $parts) = @$case;
    my $by = $status == 403 ? $app->client->always('X-API-KEY',
        $app->key('ann', 'media:read', 'media:write')) : $client;
    $r = $by->post('/api/user/media', multipart => $parts);
    is($r->status, $status, "refused: $name") or diag($r->body);
}
is($client->post('/api/user/media', body => 'x', headers => {
    'Content-Type' => 'image/jpeg' })->status, 415, 'refused: no multipart');
is($client->post('/api/user/media', body => "--b\r\nContent-Disposition:"
    . " form-data; name=\"file\"; filename=\"cut.jpg\"\r\n\r\n$photo",
    headers => { 'Content-Type' => 'multipart/form-data; boundary=b' })
    ->status, 400, 'refused: cut short');
is_deeply([ $app->objects('user-media') ], \@before,
    'refused files are not there');
is_deeply([ $app->objects('tmp') ], [], 'no temporary file is left either');

# ---- found by the sync
my $past = time - 40 * 86400;
$app->drop($ann, 'Captions', 'beach_100%.jpg', content => $photo,
    mtime => $past);
$app->drop($ann, 'Babecocks', 'COMPOSITE.PNG',
    from => T::Pictures->path('chelsea.png'));
$app->drop($ann, 'HypnoCocks', 'a 😀 "quoted" & <b>.webp',
    from => T::Pictures->path('tux.lossless.webp'));
$app->drop($ann, 'Uploads', 'clip.mp4',
    from => T::Pictures->path('cockatoo.mp4'));
$app->drop($ann, 'Uploads', 'text.jpg', content => '<script>alert(1)</script>');
$app->drop($ann, 'Uploads', $_, content => 'x')
    for '.hidden.jpg', 'beach_100%.json', 'notes.txt', 'noextension';
symlink '/etc/passwd', $app->storage
    . "/user-media/users/$ann->{id}/Uploads/link.jpg";
mkdir $app->storage . "/user-media/users/$ann->{id}/Uploads/folder.jpg";
T::Proc::own($app->storage
    . "/user-media/users/$ann->{id}/Uploads/folder.jpg");

my %by = map { $_->{originalName} => $_ } $app->files($client);
is_deeply([ sort keys %by ], [ sort 'a photo.jpg', 'webp.png',
    'beach_100%.jpg', 'COMPOSITE.PNG', 'a 😀 "quoted" & <b>.webp', 'clip.mp4',
    'text.jpg' ],
    'media are found; other files, links and folders are not')
    or diag(join "\n", sort keys %by);
is($by{'beach_100%.jpg'}{category}, 'smart-caption', 'by their folders');
is($by{'beach_100%.jpg'}{created_at} =~ s/T.*//r,
    POSIX::strftime('%Y-%m-%d', gmtime $past), 'with the time that they have');
is(scalar @{ $client->get('/api/user/media')->json->{files} }, scalar keys %by,
    'and not twice');

# ---- what the worker finds out (it started late: its temporary files would have
# been counted above)
$app->start_worker;
ok($app->enriched($client), 'the worker processes them');
%by = map { $_->{originalName} => $_ } $app->files($client);
my %expected = ('a photo.jpg' => [ 1600, 1200 ],
    'COMPOSITE.PNG' => [ 451, 300 ]);
for my $name (sort keys %by) {
    my $f = $by{$name};
    if ($name eq 'text.jpg') {
        is($f->{enrichmentStatus}, 'failed', 'other files fail');
        ok(length($f->{enrichmentError} // ''), 'with a reason');
        next;
    }
    is($f->{enrichmentStatus}, 'completed', "$name is completed");
    ok($f->{width} > 0 && $f->{height} > 0, "$name has its size");
    like($f->{enrichedAt}, qr/Z$/, "$name has a time");
}
is_deeply([ @{ $by{'COMPOSITE.PNG'} }{qw(width height)} ], [ 451, 300 ],
    'the size is right');
is($app->db->value("SELECT mime FROM media WHERE id = $by{'webp.png'}{id}"),
    'image/webp', 'the kind goes by the content');

# ---- filters
sub names { return join ' ', sort map { $_->{originalName} }
    $app->files($client, $_[0]) }
my $all = $client->get('/api/user/media')->json;
is($all->{totalCount}, scalar @{ $all->{files} }, 'the count');
is_deeply($all->{categories}, { 'smart-caption' => 1, babecock => 1,
    hypnococks => 1, upload => 4 }, 'and those of the categories');
is(names('?category=smart-caption'), 'beach_100%.jpg', 'one category');
is_deeply($client->get('/api/user/media?category=babecock')->json
    ->{categories}, $all->{categories}, 'counts are for all of them');
is(names('?category=all&search=BEACH'), 'beach_100%.jpg',
    'search ignores case');
is(names('?search=100%25'), 'beach_100%.jpg', '% is itself');
is(names('?search=h_1'), 'beach_100%.jpg', '_ is itself');
is(names('?search=h_00'), '', 'and matches nothing else');
is(names("?search=%27%20OR%201%3D1%20--%20"), '', 'a quote is itself');
is(names('?search=%F0%9F%98%80'), 'a 😀 "quoted" & <b>.webp', 'a smile');
is(names('?search=%F0%9F%98%81'), '', 'another smile is another');
unlike(names('?dateRange=week'), qr/beach/, 'the week');
like(names('?dateRange=all'), qr/beach/, 'all times');
is($client->get("/api/user/media?$_")->status, 400, "refused: $_")
    for qw(category=other dateRange=decade);

# ---- pages of it
my ($cursor, @ids) = ('');
for (1 .. 20) {
    my $page = $client->get("/api/user/media?limit=3$cursor")->json;
    push @ids, map { $_->{id} } @{ $page->{files} };
    last if !$page->{nextCursor};
    $cursor = '&cursor=' . T::Client::escape($page->{nextCursor});
}
is_deeply(\@ids, [ map { $_->{id} } @{ $all->{files} } ],
    'in pages the same list in the same order');
my @times = map { $_->{created_at} } @{ $all->{files} };
is_deeply(\@times, [ reverse sort @times ], 'newest first');
is($client->get('/api/user/media?cursor=nonsense')->status, 400,
    'an invalid cursor');

# ---- what is shared of it: a page with more of that in the vault than it has
# rows is read in another way
sub shown {
    return [ map { [ @$_{qw(id isShared shareCode shareToCommunity)} ] }
        @{ $_[0]{files} } ];
}
my %code = map { $_ => $client->post("/api/media/$_/share", json => {})
    ->json->{shareCode} } @ids[0, 2, 3];
$app->db->rows("INSERT INTO community_media (media_id, user_id, state)"
    . " SELECT id, user_id, IF(id = $ids[1], 'making', 'ready') FROM media"
    . " WHERE id IN ($ids[1], $ids[2], $ids[4])");
my $shown = shown($client->get('/api/user/media')->json);
is_deeply($shown, [ map { [ $ids[$_],
    $code{$ids[$_]} ? JSON::PP::true : JSON::PP::false, $code{$ids[$_]},
    $_ == 2 || $_ == 4 ? JSON::PP::true : JSON::PP::false ] } 0 .. $#ids ],
    'the list has share codes and community flags');
$cursor = '';
for my $i (0 .. $#ids) {
    my $page = $client->get("/api/user/media?limit=1$cursor")->json;
    is_deeply(shown($page), [ $shown->[$i] ], "and so does page $i");
    $cursor = '&cursor=' . T::Client::escape($page->{nextCursor} // '');
}
$app->db->rows('DELETE FROM community_media');
is($client->delete("/api/media/$_/share")->status, 204, 'no longer shared')
    for sort keys %code;

# ---- one of them
my $id = $by{'a photo.jpg'}{id};
is($client->get("/api/user/media/$id")->json->{id}, $id, 'one file');
$r = $client->patch("/api/user/media/$id", json => {
    title => 'My <title>', caption => 'A caption' });
is($r->status, 200, 'gets a title');
is($r->json->{name}, 'My <title>', 'the title becomes its name');
is(names('?search=a%20CAPT'), 'a photo.jpg', 'the caption is searched');
for my $call ([ get => '' ], [ delete => '' ],
    [ patch => '', json => { title => 'x' } ],
    [ post => '/share', json => {} ]) {
    my ($method, $more, @o) = @$call;
    is($stranger->$method("/api/user/media/$id$more", @o)->status, 404,
        "a stranger: no $method");
    is($client->$method("/api/user/media/999999$more", @o)->status, 404,
        "a file that is not there: no $method");
}
is(names('?search=stranger'), '', 'nothing has changed');
is_deeply([ $app->files($stranger) ], [], "a stranger's own vault is empty");

is($client->delete("/api/user/media/$id")->status, 204, 'it is deleted');
is($client->get("/api/user/media/$id")->status, 404, 'and no longer there');
unlike(names(''), qr/a photo\.jpg/, 'from the list, after a sync too');
ok(!-e $app->storage . "/user-media/$file->{path}", 'and from the folder');
my @trash = $app->objects('trash');
is(scalar @trash, 2, 'it lies in the trash');

# ---- a file that disappeared
unlink $app->storage . "/user-media/$by{'COMPOSITE.PNG'}{path}";
unlike(names(''), qr/COMPOSITE/, 'gone from storage: not listed');
is($app->db->value('SELECT COUNT(*) FROM media WHERE id = '
    . $by{'COMPOSITE.PNG'}{id}), 1, 'its row stays');
$app->drop($ann, 'Babecocks', 'COMPOSITE.PNG',
    from => T::Pictures->path('chelsea.png'));
like(names(''), qr/COMPOSITE/, 'back again: listed');

# ---- many at once, while others ask
for my $i (1 .. 300) {
    $app->drop($ann, 'Captions', sprintf('many-%03d.gif', $i),
        content => 'GIF89a');
}
my @askers = map {
    my $pid = fork // die;
    if ($pid == 0) {
        my $c = $app->client->always('X-API-KEY', $app->key('ann'));
        my $n = grep { $_->{originalName} =~ /^many-/ } $app->files($c);
        POSIX::_exit($n == 300 ? 0 : 1);
    }
    $pid;
} 1 .. 4;
is_deeply([ map { waitpid $_, 0; $? } @askers ], [ 0, 0, 0, 0 ],
    'four listings at once find three hundred new files');
is($app->db->value("SELECT COUNT(*) FROM media WHERE original_name LIKE"
    . " 'many-%'"), 300, 'each once');

$app->finish;
done_testing;
