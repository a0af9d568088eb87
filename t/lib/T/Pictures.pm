package T::Pictures;

# Real photographs and videos, out of Debian packages that contrib/check
# fetches into the folder VITRINE_PICTURES.

use strict;
use warnings;
use File::Find ();
use File::Temp ();
use JSON::PP ();
use Test::More ();

my %found;

# Leaves the test out where there are no pictures; contrib/check lets nothing
# be left out.
sub need {
    my $dir = $ENV{VITRINE_PICTURES} // '';

    if (!-d $dir) {
        die "no pictures in VITRINE_PICTURES\n" if $ENV{VITRINE_TEST_ALL};
        Test::More::plan(skip_all => 'VITRINE_PICTURES names no folder');
    }
    File::Find::find({ no_chdir => 1, wanted => sub {
        $found{ s{.*/}{}r } //= $File::Find::name if -f;
    } }, $dir);
}

# The path of a picture by its file's name.
sub path {
    my ($class, $name) = @_;
    need() if !%found;
    return $found{$name} // die "there is no picture $name\n";
}

sub content {
    my ($class, $name) = @_;
    open my $fh, '<:raw', $class->path($name) or die "$name: $!";
    local $/;
    return scalar <$fh>;
}

# A picture as a person sees it: width, height, and three bytes a pixel.
sub pixels {
    my ($class, $content) = @_;
    my $file = File::Temp->new;

    print $file $content;
    $file->flush;
    my $size = `/usr/bin/convert '$file\[0]' -auto-orient -format '%w %h' info:`;
    my $bytes = `/usr/bin/convert '$file\[0]' -auto-orient -depth 8 rgb:-`;
    my ($width, $height) = $size =~ /^(\d+) (\d+)/ or die 'no picture';
    length $bytes == 3 * $width * $height or die 'not all of its pixels';
    return ($width, $height, $bytes);
}

# Where two pictures of one size differ by more than a few steps: left, top,
# right, bottom and the number of pixels; nothing where they are alike.
sub difference {
    my ($class, $one, $other, $steps) = @_;
    my ($w, $h, $a) = $class->pixels($one);
    my ($w2, $h2, $b) = $class->pixels($other);
    my ($left, $top, $right, $bottom, $n) = ($w, $h, 0, 0, 0);

    $w == $w2 && $h == $h2 or die "sizes: $w x $h, $w2 x $h2";
    for my $y (0 .. $h - 1) {
        my $p = substr $a, 3 * $w * $y, 3 * $w;
        my $q = substr $b, 3 * $w * $y, 3 * $w;
        next if $p eq $q;
        my @p = unpack 'C*', $p;
        my @q = unpack 'C*', $q;
        for my $x (0 .. $w - 1) {
            next if !grep { abs($p[3 * $x + $_] - $q[3 * $x + $_]) > $steps }
                0 .. 2;
            $left = $x if $x < $left;
            $right = $x if $x > $right;
            $top = $y if $y < $top;
            $bottom = $y;
            $n++;
        }
    }
    return $n ? ($left, $top, $right, $bottom, $n) : ();
}

# What exiftool reads in a picture, tag => value.
sub metadata {
    my ($class, $content) = @_;
    my $file = File::Temp->new;

    print $file $content;
    $file->flush;
    my $json = `exiftool -j -n -a -G1 '$file'`;
    return JSON::PP->new->utf8->decode($json)->[0];
}

# Of a film, as exiftool reads them: width, height and milliseconds.
sub film {
    my ($class, $name) = @_;
    my $path = $class->path($name);
    my ($width, $height, $seconds) = map {
        (split /\n/, `exiftool -n -a -s3 -$_ '$path'`)[0] }
        qw(ImageWidth ImageHeight Duration);

    return ($width, $height, sprintf '%.0f', 1000 * $seconds);
}

1;
