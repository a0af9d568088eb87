#!/usr/bin/perl
# Sharing through the pages as a person does: select, share, copy the link, look
# at the activity, revoke. Each form's fields are read from its page.

use strict;
use warnings;
use T::App;
use T::Pictures;
use Test::More;

T::Pictures->need;
my $app = T::App->new;
my ($api, $ann) = $app->signed_in('ann');
my ($bob_api, $bob) = $app->signed_in('bob');
my $evil = '"><script>alert(1)</script>';
my $escaped = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;';
my %html = (Accept => 'text/html,application/xhtml+xml,*/*;q=0.8');
my %sent = (%html, Origin => 'http://localhost');

$app->drop($ann, 'Uploads', "photo$_.jpg",
    from => T::Pictures->path('IMG_1054.JPG')) for 1 .. 3;
$app->drop($ann, 'Uploads', 'odd.webm', content => 'no video at all');
my %id = map { $_->{originalName} => $_->{id} } $app->files($api);
ok($app->enriched($api), 'the vault is filled');
is($api->patch("/api/user/media/$id{'photo1.jpg'}", json => {
    title => $evil, caption => $evil })->status, 200, 'an evil title');

sub is_clean {
    my ($r, $name) = @_;
    ok($r->body !~ /<script|<img src=x/, "$name: no markup is injected");
    my @open = $r->body =~ /<(?:label|form|ul|ol|article|div|details|table|nav)\b/g;
    my @shut = $r->body =~ m{</(?:label|form|ul|ol|article|div|details|table|nav)>}g;
    is(scalar @shut, scalar @open, "$name: all elements are closed");
    my @ids = $r->body =~ /\sid="([^"]*)"/g;
    my %seen;
    is(join(' ', grep { $seen{$_}++ } @ids), '', "$name: no duplicate ids");
}

sub page {
    my ($c, $target, $status, $name) = @_;
    my $r = $c->get($target, headers => \%html);

    is($r->status, $status, $name) or diag($r->body);
    like($r->header('Cache-Control'), qr/no-store/, "$name: no-store");
    is_clean($r, $name);
    return $r;
}

# The form of a page with that action: its fields as a browser would send them.
sub form_of {
    my ($r, $action) = @_;
    my ($form) = grep { /^<form[^>]*\saction="\Q$action\E"/ }
        $r->body =~ m{(<form.*?</form>)}gs;
    ok($form, "a form for $action") or return;
    my @fields;
    while ($form =~ m{<input([^>]*)>|<select[^>]*name="(\w+)".*?</select>|
            <textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>}gsx) {
        my ($input, $select, $area, $text, $all) = ($1, $2, $3, $4, $&);
        if (defined $select) {
            my ($chosen) = $all =~ /value="([^"]*)" selected/;
            ($chosen) = $all =~ /<option value="([^"]*)"/ if !defined $chosen;
            push @fields, $select, $chosen;
        } elsif (defined $area) {
            push @fields, $area, $text;
        } else {
            my ($name) = $input =~ /name="([^"]*)"/ or next;
            my ($value) = $input =~ /value="([^"]*)"/;
            next if $input =~ /type="(checkbox|radio)"/
                && $input !~ /\schecked/;
            push @fields, $name, $value // '';
        }
    }
    s/&quot;/"/g, s/&lt;/</g, s/&gt;/>/g, s/&#39;/'/g, s/&amp;/&/g for @fields;
    return @fields;
}

# Sends it with some fields set; undef leaves one out.
sub fill {
    my ($c, $r, $action, $name, %set) = @_;
    my @fields = form_of($r, $action);
    my (@out, %known);

    while (my ($field, $value) = splice @fields, 0, 2) {
        $known{$field} = 1;
        next if exists $set{$field} && !defined $set{$field};
        push @out, $field, $set{$field} // $value;
    }
    push @out, map { ($_ => $set{$_}) } grep { !$known{$_} && defined $set{$_} }
        sort keys %set;
    return $c->post($action, headers => \%sent, form => \@out);
}

# Follows the way on.
sub follow {
    my ($c, $r, $to, $name) = @_;
    is($r->status, 303, $name) or diag($r->body);
    like($r->header('Location'), $to, "$name: redirects");
    return page($c, $r->header('Location') =~ s/#.*//r, 200,
        "$name: the next page");
}

sub browser {
    my ($who) = @_;
    my $c = $app->client;
    is($c->post('/login', headers => \%sent, form => [
        username => $who->{username}, password => $who->{password} ])->status,
        303, "$who->{username} signs in");
    return $c;
}

my $browser = browser($ann);
my $other = browser($bob);

# ---- a link with everything
my $r = page($browser, '/vault', 200, 'the vault');
like($r->body, qr{href="/shares/new\?media=$id{'photo1.jpg'}"},
    'a media links to the form');
like($r->body, qr/<input type="checkbox" name="media" form="chosen"/,
    'and can be selected');
$r = page($browser, "/shares/new?media=$id{'photo1.jpg'}", 200, 'the form');
like($r->body, qr/\Q$escaped\E/, 'shows the shared media');
my $share = '/shares/new';
for my $case ([ uses => '0' ], [ uses => '-1' ], [ uses => 'x' ],
    [ end => 'date' ], [ end => 'date', date => '2001-01-01' ],
    [ end => 'date', date => $evil ], [ note => 'x' x 4001 ],
    [ to => 'account', username => 'nobody-there' ],
    [ to => 'account', username => '' ], [ to => 'account', username => 'ann' ],
    [ to => 'account', username => $evil ]) {
    my $again = fill($browser, $r, $share, "@$case", note => $evil, @$case);
    is($again->status, 400, "@$case[0, 1] is refused");
    like($again->body, qr/id="wrong" role="alert"/, 'with a reason');
    is_clean($again, "@$case[0, 1]");
    like($again->body, qr/\Q$escaped\E<\/textarea>/, 'the input is kept')
        if $case->[0] ne 'note';
}
is($browser->post('/shares/new', headers => { %html,
    Origin => 'http://evil.test' }, form => [ media => $id{'photo1.jpg'} ])
    ->status, 403, 'another site cannot share');
my $made = fill($browser, $r, $share, 'a link', note => "$evil\r\nline",
    password => 'open sesame', end => 'week', uses => 2, download => undef);
$r = follow($browser, $made, qr{^/shares\?done=linked#s}, 'a link is made');
my ($link) = $r->body =~ m{value="http://localhost(/s/[^"]+)"};
ok($link, 'the link is shown');
like($r->body, qr/role="status"/, 'with a notice');
like($r->body, qr/link and the password/, 'shows that it has a password');
like($r->body, qr/0 of 2 visits/, 'shows the number of visits');
my ($uuid) = $made->header('Location') =~ /#s(.*)/;

# ---- what a stranger sees
my $guest = $app->client;
$r = page($guest, $link, 401, 'the link asks for a password');
unlike($r->body, qr/photo1|ann\b/, 'and shows nothing else');
my $wrong = fill($guest, $r, $link, 'wrong', password => 'sesame');
is($wrong->status, 401, 'a wrong password');
like($wrong->body, qr/id="wrong" role="alert">Wrong password/, 'is reported');
is_clean($wrong, 'a wrong password');
$r = follow($guest, fill($guest, $r, $link, 'right',
    password => 'open sesame'), qr{^\Q$link\E$}, 'the right one');
like($r->body, qr/\Q$escaped\E/, 'the title is escaped');
like($r->body, qr/Shared by <bdi[^>]*>ann/, 'shows who shared it');
like($r->body, qr/class="stage"/, 'the picture is shown large');
unlike($r->body, qr/>Download</, 'without a download link');
my ($view) = $r->body =~ m{<img src="http://localhost(/view/[^"]+)"};
is($guest->get($view =~ s/&amp;/&/gr)->status, 200, 'the picture opens')
    if ok($view, 'a picture of it');

# ---- too many tries
$r = page($browser, "/shares/new?media=$id{'photo3.jpg'}", 200, 'one more');
$r = follow($browser, fill($browser, $r, $share, 'with a password',
    password => 'x'), qr{done=linked}, 'with a password');
my ($locked) = $r->body =~ m{value="http://localhost(/s/[^"]+)"};
for (1 .. 30) {
    $r = $guest->post($locked, headers => \%sent, form => [ password => 'y' ]);
    last if $r->status != 401;
}
is($r->status, 429, 'too many wrong passwords');
cmp_ok($r->header('Retry-After'), '>', 0, 'with Retry-After');
like($r->body, qr/try again in \d+ minute/, 'the waiting time is shown');
unlike($r->body, qr/type="password"/, 'without the form');
is_clean($r, 'too many');

# ---- several, by ticking boxes
$r = page($browser, '/shares/new?' . join('&', map { "media=$id{$_}" }
    'photo1.jpg', 'photo2.jpg', 'odd.webm', 'photo1.jpg'), 200,
    'three files, one of them twice');
like($r->body, qr/>3 files</, 'are three');
$made = $browser->post($share, headers => \%sent, form => [ to => 'link',
    (map { (media => $id{$_}) } 'photo1.jpg', 'photo2.jpg', 'odd.webm'),
    download => 'yes', name => $evil, note => '', end => 'never' ]);
$r = follow($browser, $made, qr{done=linked}, 'a set is made');
my ($set) = $r->body =~ m{value="http://localhost(/s/[^"]+)"};
$r = page($guest, $set, 200, 'the set');
is(scalar(() = $r->body =~ /<li class="card">/g), 3, 'shows three');
is(scalar(() = $r->body =~ />Download</g), 3, 'each can be downloaded');
my @items = $r->body =~ /href="\Q$set\E\?item=([0-9a-f-]{36})"/g;
is(scalar @items, 3, 'each with a page');
for my $i (0 .. 2) {
    my $one = page($guest, "$set?item=$items[$i]", 200, 'one of them');
    like($one->body, qr/class="stage"/, 'is large');
    is(scalar(() = $one->body =~ /rel="(prev|next)"/g), $i == 1 ? 2 : 1,
        'with links to its neighbours');
    if ($i == 2) {
        unlike($one->body, qr/<video/,
            'a file that is not a video is not played');
        like($one->body, qr/cannot be shown/, 'and a text says so');
    }
}
page($guest, "$set?item=$uuid", 200, 'an unknown item shows all');
is($guest->get("$set?cursor=x", headers => \%html)->status, 400,
    'a cursor of no list');
is($browser->get('/shares/new', headers => \%html)->status, 400,
    'nothing is selected');
is($browser->get("/shares/new?media=$evil", headers => \%html)->status, 400,
    'an invalid media id');
is($other->get("/shares/new?media=$id{'photo1.jpg'}", headers => \%html)
    ->status, 404, "another's media");

# ---- all dead links show the same page
sub bytes {
    my ($target) = @_;
    my $r = $app->client->get($target, headers => \%html);
    return ($r->status, $r->head =~ s/^X-Request-Id: .*//mr, $r->body);
}
my @unknown = bytes('/s/00000000-0000-4000-8000-000000000000');
is($unknown[0], 404, 'an unknown link');
like($unknown[2], qr/ask the sender/, 'says what to do');
is_deeply([ bytes('/s/no-link') ], \@unknown,
    'an invalid token gives the same page');
my $where = "WHERE uuid = UNHEX('" . $uuid =~ tr/-//dr . "')";
$app->db->rows("UPDATE shares SET uses = 2 $where");
is_deeply([ bytes($link) ], \@unknown, 'limit reached');
$r = page($browser, '/shares', 200, 'the owner');
like($r->body, qr/Limit reached/, 'the owner sees the reason');
$app->db->rows("UPDATE shares SET uses = 0, expires_at = NOW(3)"
    . " - INTERVAL 1 SECOND $where");
is_deeply([ bytes($link) ], \@unknown, 'expired');
$r = page($browser, $link, 404, 'the owner opens it');
like($r->body, qr/Your link has expired/, 'and sees the reason');
like(page($browser, '/shares', 200, 'the list')->body, qr/Expired/,
    'there too');
$app->db->rows("UPDATE shares SET expires_at = NULL $where");

# ---- revoking
$r = page($browser, '/shares', 200, 'the shares');
is($other->post("/shares/$uuid/revoke", headers => \%sent, form => [])->status,
    403, "another's share cannot be revoked");
is($browser->post("/shares/$uuid/revoke", headers => { %html,
    Origin => 'http://evil.test' }, form => [])->status, 403,
    'another site cannot revoke');
$r = follow($browser, fill($browser, $r, "/shares/$uuid/revoke", 'revoke'),
    qr{^/shares\?done=revoked$}, 'revoked');
like($r->body, qr/Revoked/, 'it is shown as such');
is_deeply([ bytes($link) ], \@unknown, 'its link is dead');
is($browser->post("/shares/$uuid/revoke", headers => \%sent,
    form => [ back => '//evil.test/shares?' ])->status, 404,
        'a second time: not found');
$r = page($browser, "/shares/$uuid/log", 200, 'its activity');
like($r->body, qr/$_/, "shows: $_")
    for qw(Shared Opened), 'Wrong password', 'Revoked';
is($other->get("/shares/$uuid/log", headers => \%html)->status, 403,
    'to its owner only');

# ---- with an account
$r = page($browser, "/shares/new?media=$id{'photo2.jpg'}", 200, 'the form');
$made = fill($browser, $r, $share, 'an account', to => 'account',
    username => 'bob', note => $evil, download => 'yes', reshare => 'yes',
    end => 'date', date => '2100-01-01');
$r = follow($browser, $made, qr{done=shared}, 'shared with bob');
like($r->body, qr/With <bdi>bob/, 'and listed so');
my ($given) = $made->header('Location') =~ /#s(.*)/;
$r = page($other, '/vault', 200, "bob's vault");
like($r->body, qr/Notifications <span class="unread">1</,
    'shows an unread notification');
$r = page($other, '/notifications', 200, "bob's notifications");
like($r->body, qr{ann</bdi> shared <a href="/shares/$given"><bdi>photo2},
    'shows the shared media');
$r = follow($other, $other->post('/notifications/read', headers => \%sent,
    form => [ id => ($r->body =~ /name="id" value="([^"]+)"/)[0] ]),
    qr{^/notifications$}, 'read');
like($r->body, qr/No new notifications/, 'none is left');
is($other->post('/notifications/read', headers => \%sent, form => [])->status,
    400, 'without an id');
$r = page($other, '/shares?list=incoming', 200, 'shared with me');
like($r->body, qr/photo2/, 'the file');
like($r->body, qr/\Q$escaped\E/, 'the note');
$r = page($other, "/shares/$given", 200, 'it opens');
like($r->body, qr/>Download</, 'to be downloaded');
like($r->body, qr{href="/shares/new\?share=$given"}, 'and reshared');
$r = page($other, "/shares/new?share=$given", 200, 'resharing it');
unlike($r->body, qr/name="edit"/, 'without permissions that bob lacks');
$made = fill($other, $r, $share, 'reshare');
$r = follow($other, $made, qr{done=linked}, 'is reshared');
my ($on) = $r->body =~ m{value="http://localhost(/s/[^"]+)"};
page($guest, $on, 200, 'and opens');
like(page($browser, "/shares/$given/log", 200, 'the log')->body,
    qr/<bdi>bob/, 'shows who');

# ---- collections
$r = page($browser, '/collections', 200, 'no collections yet');
$r = follow($browser, fill($browser, $r, '/collections', 'new',
    name => $evil, description => $evil), qr{^/collections/[^?]+\?done=made$},
    'one is created');
my ($k) = $r->body =~ m{collection=([0-9a-f-]{36})"};
is($browser->post('/collections', headers => \%sent, form => [ name => '' ])
    ->status, 400, 'one without a name is not');
$r = page($browser, "/collections/put?media=$id{'photo1.jpg'}"
    . "&media=$id{'photo3.jpg'}", 200, 'adding two files');
like($r->body, qr/<option value="$k" selected>/, 'it can be selected');
$r = follow($browser, $browser->post('/collections/put', headers => \%sent,
    form => [ media => $id{'photo1.jpg'}, media => $id{'photo3.jpg'},
        into => $k, name => '' ]), qr{^/collections/$k\?done=put$}, 'put');
is(scalar(() = $r->body =~ /<li class="card">/g), 2, 'it holds both');
my ($first) = $r->body =~ m{name="media" value="([0-9a-f-]{36})"};
$r = follow($browser, $browser->post("/collections/$k/take", headers => \%sent,
    form => [ media => $first ]), qr{done=taken}, 'one is removed');
is(scalar(() = $r->body =~ /<li class="card">/g), 1, 'it holds one');
$r = follow($browser, $browser->post('/collections/put', headers => \%sent,
    form => [ media => $id{'photo2.jpg'}, into => '', name => 'another' ]),
    qr{done=put}, 'into a new collection');
is($browser->post('/collections/put', headers => \%sent,
    form => [ media => $id{'photo2.jpg'}, into => '', name => '' ])->status,
    400, 'that needs a name');
is($other->post('/collections/put', headers => \%sent,
    form => [ media => $id{'photo2.jpg'}, into => $k ])->status, 404,
    "nothing of another's");
$r = page($browser, "/shares/new?collection=$k", 200, 'sharing it');
$made = fill($browser, $r, $share, 'it', to => 'account', username => 'bob',
    edit => 'yes');
follow($browser, $made, qr{done=shared}, 'it is shared');
$r = page($other, "/collections/$k", 200, 'bob sees it');
like($r->body, qr{action="/collections/$k/take"}, 'and can remove files');
unlike($r->body, qr{/delete"}, 'but not delete it');
is($other->post("/collections/$k/delete", headers => \%sent, form => [])
    ->status, 403, 'nor by a forged form');
my ($kshare) = $made->header('Location') =~ /#s(.*)/;
$r = page($other, "/shares/$kshare", 200, 'the share of it');
like($r->body, qr{href="/collections/$k"}, 'links to it');
$r = page($browser, "/collections/$k", 200, 'its page');
$r = follow($browser, fill($browser, $r, "/collections/$k/edit", 'edit',
    name => 'plain', description => ''), qr{done=changed}, 'renamed');
like($r->body, qr{<h1[^>]*>plain</h1>}, 'so it is');
follow($browser, fill($browser, $r, "/collections/$k/delete", 'delete'),
    qr{^/collections\?done=deleted$}, 'deleted');
page($other, "/collections/$k", 404, 'it is gone');
page($other, "/shares/$kshare", 404, 'and its share');
$r = page($other, '/notifications', 200, 'bob');
like($r->body, qr/stopped sharing/, 'is shown');
$r = follow($other, $other->post('/notifications/read', headers => \%sent,
    form => [ all => 'yes' ]), qr{^/notifications$}, 'all read');
like($r->body, qr/No new notifications/, 'are read');

# ---- a long list goes on
for my $n (1 .. 22) {
    is($browser->post($share, headers => \%sent, form => [ to => 'link',
        media => $id{'photo3.jpg'}, note => "number $n", end => 'day' ])
        ->status, 303, "link $n");
}
$r = page($browser, '/shares', 200, 'the first page');
is(scalar(() = $r->body =~ /<li class="card share"/g), 20, 'is full');
my ($next) = $r->body =~ m{href="(/shares\?cursor=\d+)" rel="next"};
$r = page($browser, $next, 200, 'the next');
unlike($r->body, qr/rel="next"/, 'is the last');
like($r->body, qr{href="/shares">Newest}, 'and leads back');
is($browser->get('/shares?cursor=x', headers => \%html)->status, 400,
    'a cursor of no list');

$app->finish;
done_testing;
