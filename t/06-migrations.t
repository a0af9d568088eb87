#!/usr/bin/perl
# Migrations: from nothing to the whole schema, once; a file that was changed
# after it was applied is reported.

use strict;
use warnings;
use T::App;
use T::Db;
use Test::More;

my @files = map { s{.*/}{}r } sort glob "$ENV{top_srcdir}/sql/*.sql";
my @numbers = map { /^(\d{4})_\w+\.sql$/ ? $1 + 0 : fail("name of $_") } @files;

cmp_ok(scalar @files, '>', 0, 'there are migrations');
is_deeply(\@numbers, [ 1 .. @files ], 'numbered without a gap');

my $app = T::App->new(migrate => 0, pool => 0, worker => 0);
my $db = $app->db;

my ($status, $out, $err) = $app->admin('migrate');
is($status, 0, 'applied from nothing') or diag($out, $err);
is($db->value('SELECT COUNT(*) FROM schema_migrations'), scalar @files,
    'each is recorded');
my $schema = 'SELECT table_name, column_name, column_type, is_nullable,'
    . ' collation_name FROM information_schema.columns WHERE table_schema ='
    . ' DATABASE() ORDER BY 1, ordinal_position';
my @before = $db->rows($schema);
cmp_ok(scalar @before, '>', 50, 'the tables are there');
is_deeply([ $db->rows('SELECT table_name FROM information_schema.tables'
    . " WHERE table_schema = DATABASE() AND engine <> 'InnoDB'") ], [],
    'all in InnoDB');

($status, $out, $err) = $app->admin('migrate');
is($status, 0, 'a second time is no fault') or diag($out, $err);
is_deeply([ $db->rows($schema) ], \@before, 'and changes nothing');

my $file = $app->dir . "/sql/$files[0]";
chmod 0644, $file;
open my $fh, '>>', $file or die "$file: $!";
print $fh "-- changed\n";
close $fh;
($status, $out, $err) = $app->admin('migrate');
isnt($status, 0, 'a changed file is refused');
like($err, qr/\Q$files[0]\E|0001|checksum/, 'and named');
is_deeply([ $db->rows($schema) ], \@before, 'nothing has changed');

$app->finish;
done_testing;
