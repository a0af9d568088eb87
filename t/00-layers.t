#!/usr/bin/perl
# The order of layers: a folder of src/ includes itself and the layers below it,
# and dangerous or foreign interfaces are used in one place.

use strict;
use warnings;
use File::Find qw(find);
use Test::More;

my $src = "$ENV{top_srcdir}/src";

# What each layer may include besides itself.
my @siblings = qw(image store db net http);
my %below = (base => [], model => ['base'],
    (map { $_ => [qw(base model)] } @siblings),
    core => [ @siblings, qw(base model) ],
    api => [ 'core', @siblings, qw(base model) ],
    prog => [ 'api', 'core', @siblings, qw(base model) ]);
# The picture helper's operations stand on nothing that the others bring.
my $helper = qr{^(image/|prog/image_main\.c$)};

# Foreign headers and the files that may include them.
my @foreign = (
    [ qr{^(wand/|magick/|MagickWand|MagickCore)}, $helper ],
    [ qr{^(jpeglib|jerror|turbojpeg)}, $helper ],
    [ qr{^(libav|libsw)}, $helper ],
    [ qr{^(seccomp\.h|linux/seccomp\.h)}, $helper ],
    [ qr{^(fcgiapp|fcgi_stdio|fcgios|fcgi_config)}, qr{^http/fcgi\.c$} ],
    [ qr{^(mysql|mariadb)}, qr{^db/} ],
    [ qr{^curl/}, qr{^net/} ],
    [ qr{^idn2}, qr{^core/mail/address\.c$} ],
    [ qr{^sodium}, qr{^base/} ],
    [ qr{^(jwt|json-c/|json\.h|ini\.h)}, qr{^(base|core)/} ],
);

# Headers that consist of the files beside them.
sub made {
    my ($path) = @_;
    return $path =~ /\.h$/ && grep { -e $path =~ s/\.h$/.$_/r } qw(css json);
}

my (%file, @bad);
find({ no_chdir => 1, wanted => sub {
    return if !-f || !/\.(c|h|def)$/;
    return if made($_);
    open my $fh, '<', $_ or die "$_: $!";
    local $/;
    $file{ s{^\Q$src\E/}{}r } = <$fh>;
} }, $src);

# Comments out, line numbers kept.
sub code {
    my ($text) = @_;
    return $text =~ s{("(?:\\.|[^"\\\n])*")|/\*.*?\*/}
        { defined $1 ? $1 : $& =~ tr/\n//cdr }gesr;
}

sub each_line {
    my ($test) = @_;
    my @found;

    for my $name (sort keys %file) {
        my $n = 0;
        for my $line (split /\n/, code($file{$name})) {
            $n++;
            my $fault = $test->($name, $line);
            push @found, "src/$name:$n: $fault" if $fault;
        }
    }
    return @found;
}

cmp_ok(scalar keys %file, '>', 30, 'the source is there');

@bad = grep { !m{^([a-z]+)/(?:[a-z]+/)?[a-z0-9_]+\.(c|h|def)$} || !$below{$1} }
    keys %file;
is_deeply(\@bad, [], 'every file lies in a layer');

@bad = each_line(sub {
    my ($name, $line) = @_;
    my ($layer) = $name =~ m{^(\w+)/} or return;
    my ($other) = $line =~ m{^\s*#\s*include\s*"(\w+)/[^"]+"} or return;

    return if $other eq $layer || grep { $_ eq $other } @{ $below{$layer} };
    return "$layer may not include $other";
});
is(join("\n", @bad), '', 'no layer reaches up or beside itself');

@bad = each_line(sub {
    my ($name, $line) = @_;
    my ($path) = $line =~ m{^\s*#\s*include\s*"([^"]+)"} or return;

    return if $path eq 'config.h' || exists $file{$path}
        || made("$src/$path");
    return "there is no src/$path";
});
is(join("\n", @bad), '', 'every header of our own is named from src/');

@bad = each_line(sub {
    my ($name, $line) = @_;
    my ($path) = $line =~ m{^\s*#\s*include\s*<([^>]+)>} or return;

    for my $rule (@foreign) {
        return "<$path> is not for this file"
            if $path =~ $rule->[0] && $name !~ $rule->[1];
    }
    return;
});
is(join("\n", @bad), '', 'foreign headers stay in their places');

# The clients of the helper that live beside its operations link nothing that
# reads pictures: only what the helper alone is made of may.
my %decoder = map { $_ => 1 } grep {
    m{^image/} && $file{$_} =~ m{#include <(wand/|jpeglib|libav|seccomp)} }
    keys %file;
@bad = each_line(sub {
    my ($name, $line) = @_;
    my ($path) = $line =~ m{^\s*#\s*include\s*"([^"]+)"} or return;
    return if !$decoder{$path} || $decoder{$name} || $name =~ $helper;
    return "$path brings in what reads pictures";
});
is(join("\n", @bad), '', 'no other file includes libraries that read pictures');

# ---- files

# Objects are reached through the store alone. These name files by a path for
# another reason; src/store/fs.h says which of them touch the storage folder.
my %files_of = (
    'base/conf.c' => 'the configuration',
    'base/conf_check.c' => 'files and folders that settings name',
    'base/sec.c' => 'files that hold a secret',
    'base/slots.c' => 'locks of this host',
    'core/auth/issuer.c' => "the issuer's key",
    'core/auth/secrets.c' => 'the secrets file',
    'core/mail/mail.c' => 'templates',
    'core/ops/doctor.c' => 'the configuration',
    'core/ops/doctor_access.c' => 'owner and mode',
    'core/ops/doctor_disk.c' => 'disks',
    'core/ops/doctor_folder.c' => 'a folder of the fs backend',
    'core/ops/doctor_settings.c' => 'files that settings name',
    'core/ops/doctor_storage.c' => 'owner and mode',
    'core/ops/doctor_vault.c' => 'owner and mode',
    'core/ops/doctor_web.c' => 'sockets, and what the web server reaches',
    'db/migrate.c' => 'migrations',
    'image/marks.c' => 'the picture of the mark',
    'net/maildir.c' => 'the spool of outgoing mail',
    'prog/admin_doctor.c' => 'the group of the storage folder',
    'prog/listen.c' => 'sockets',
    'prog/owner.c' => 'the account that owns the storage folder',
);
my $by_path = qr{(?<![\w.>])(?:(open|openat|creat|fopen|freopen|opendir|fdopendir
    |scandir|nftw|fts_open|unlink|unlinkat|remove|rename|renameat|renameat2
    |link|linkat|symlink|symlinkat|readlink|readlinkat|mkdir|mkdirat|rmdir
    |mkfifo|mknod|mkstemp|mkostemp|mkdtemp|stat|lstat|fstatat|statx|statvfs
    |access|faccessat|chmod|fchmodat|chown|lchown|fchownat|utimensat|truncate)\s*\(
    |(SYS_open\w*))}x;

# The calls in a line that name a file by its path.
sub path_calls {
    my ($line) = @_;
    return grep { defined } $line =~ /$by_path/g;
}

my %calls;
@bad = each_line(sub {
    my ($name, $line) = @_;
    my @calls = path_calls($line) or return;

    return if $name =~ m{^store/};
    $calls{$name} = 1;
    return if $files_of{$name};
    return "@calls: files are reached through src/store";
});
is(join("\n", @bad), '', 'no file is reached around the store');
is(join("\n", grep { !$calls{$_} } sort keys %files_of), '',
    'every exception is needed');
is_deeply([ map { scalar(my @c = path_calls($_)) }
    'fd = open(path, O_RDONLY);', 'if (unlinkat(dir, name, 0) != 0)',
    'syscall(SYS_openat2, dir, path, &how, sizeof(how));',
    'r = rename(from, to), dir = opendir (path);',
    'e = fs_open(a, root, &s, why);', 's->ops->stat(s, path, ret, why);',
    'e = store_stat(s, path, &info, why);', 'struct stat st;',
    'e = mark_open(env, &fd);' ],
    [ 1, 1, 1, 2, 0, 0, 0, 0, 0 ], 'and such a call would be seen');

# What only its own backend, and code that opens or examines it, may see.
my @inner = (
    [ qr{^store/(ops|beneath)\.h$}, qr{^store/} ],
    [ qr{^store/fs\.h$}, qr{^(store/|core/base\.c$|core/ops/doctor_(folder
        |storage)\.c$|prog/admin_site\.c$)}x ],
);
sub inner {
    my ($name, $line) = @_;
    my ($path) = $line =~ m{^\s*#\s*include\s*"([^"]+)"} or return;

    for my $rule (@inner) {
        return "$path is private"
            if $path =~ $rule->[0] && $name !~ $rule->[1];
    }
    return;
}
is(join("\n", each_line(\&inner)), '', 'only backends see the table');
is(inner('core/vault/upload.c', '#include "store/ops.h"'),
    'store/ops.h is private', 'and such an include would be seen');

my $sql = qr{"\s*(SELECT\s|INSERT\s+(IGNORE\s+)?INTO\s|UPDATE\s+\w+\s+SET\s
    |DELETE\s+FROM\s|REPLACE\s+INTO\s|CREATE\s+TABLE\s|ALTER\s+TABLE\s
    |START\s+TRANSACTION|COMMIT\b|ROLLBACK\b)}x;
@bad = each_line(sub {
    my ($name, $line) = @_;
    return $line =~ $sql && $name !~ m{^db/} ? 'SQL outside src/db' : ();
});
is(join("\n", @bad), '', 'only src/db contains SQL');

@bad = ();
for my $name (grep { /\.c$/ } sort keys %file) {
    my ($first) = code($file{$name}) =~ m{^\s*#\s*include\s*(\S+)}m;
    my $own = $name =~ s/\.c$/.h/r;
    my (undef, $second) = code($file{$name}) =~
        m{^\s*#\s*include\s*(\S+).*?^\s*#\s*include\s*(\S+)}ms;

    push @bad, "src/$name: begins with $first"
        if ($first // '') ne '"config.h"';
    push @bad, "src/$name: its own header comes second"
        if exists $file{$own} && ($second // '') ne "\"$own\"";
}
is(join("\n", @bad), '', 'each file begins with config.h and its own header');

# ---- circles: a unit is a .c file and the .h file of its name
sub unit { return $_[0] =~ s/\.[ch]$//r }

my %edge;
for my $name (grep { /\.[ch]$/ } sort keys %file) {
    my $from = unit($name);

    $edge{$from} //= {};
    for my $path (code($file{$name}) =~ m{^\s*#\s*include\s*"([^"]+\.h)"}mg) {
        my $to = unit($path);
        $edge{$from}{$to} = 1 if $to ne $from && exists $file{$path};
    }
}

# What a unit includes, directly or not.
sub reached {
    my ($from) = @_;
    my (%seen, @todo);

    @todo = ($from);
    while (defined(my $unit = pop @todo)) {
        push @todo, grep { !$seen{$_}++ } keys %{ $edge{$unit} // {} };
    }
    return \%seen;
}
my %reached = map { $_ => reached($_) } keys %edge;

my %circle;
for my $unit (keys %edge) {
    my @with = grep { $reached{$_}{$unit} } keys %{ $reached{$unit} };
    $circle{join ' ', sort @with} = 1 if @with;
}
@bad = sort keys %circle;
is(join("\n", @bad), '', 'no units include each other in a circle');

# ---- names
# Where a folder has one header for several files.
my %header_of = (
    (map { $_ => 'db/db.h' } qw(db/param.c db/transaction.c)),
    (map { $_ => 'image/container.h' } qw(image/gif.c image/jpeg_scan.c
        image/png.c image/webp.c)),
    'image/jpeg_region.c' => 'image/jpeg.h',
    'image/caption.c' => 'image/meta.h',
    (map { $_ => 'core/ops/doctor_look.h' } qw(core/ops/doctor_access.c
        core/ops/doctor_folder.c)),
);
# Handlers and looks have their declarations made of their tables' rows; the
# administrator's commands and the mains are known to one place.
my %row = map { $_ => 1 }
    $file{'api/routes.def'} =~ /^[A-Z0-9]+\((?:[^()]|\([^()]*\))*,\s*(\w+)\)/mg,
    $file{'core/ops/doctor.def'} =~ /^LOOK\((\w+)/mg;
sub by_row { return grep { $row{$_} } $file{$_[0]} =~ /^(\w+)\(/mg }

@bad = ();
for my $name (grep { /\.c$/ } sort keys %file) {
    my $own = $name =~ s/\.c$/.h/r;

    next if exists $file{$own} || $name =~ m{^prog/(?:\w+_main|admin_\w+)\.c$}
        || by_row($name);
    push @bad, "src/$name: no src/$own"
        if !$header_of{$name} || !exists $file{$header_of{$name}};
}
push @bad, map { "src/$_: is not there" } grep { !exists $file{$_} }
    sort keys %header_of;
is(join("\n", @bad), '', 'each .c file has a header of its name');

# Functions of core that are not named by their file or folder yet.
my %other_name = (
    'core/community/media_share.h' => qr{^media_unshare$},
    'core/ops/doctor_look.h' => qr{^(?:doctor|principal|access)_},
    'core/vault/category.h' => qr{^categories_parse$},
);
# The functions that a header declares or defines.
sub functions {
    my ($text) = @_;

    $text =~ s/^\s*#(?:.*\\\n)*.*$//gm;
    $text =~ s/__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)//g;
    1 while $text =~ s/\{[^{}]*\}/;/;
    return map { /^[^(]*?\w[\s*]+(\w+)\s*\([^*]/s ? $1 : () }
        grep { !/^\s*typedef/ } split /;/, $text;
}
my $declared = 0;
@bad = ();
for my $name (sort keys %file) {
    my ($folder, $base) = $name =~ m{^core/(\w+)/(\w+)\.h$} or next;
    my $known = $other_name{$name} // qr{^(?!)};
    my @functions = functions(code($file{$name}));

    $declared += @functions;
    push @bad, map { "src/$name: $_" } grep { !/$known/
        && !/^(?:\Q$base\E|\Q$folder\E|\Q${folder}_$base\E)(?:_|$)/ } @functions;
}
cmp_ok($declared, '>', 100, 'the functions of core are found');
is(join("\n", @bad), '', 'and are named by their file or folder');

done_testing;
