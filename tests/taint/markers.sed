# file: lab/markers.c
# The scans of a sex marker's window in a fetus's channel.
/^        double left = first > 0 ? channel\[first - 1\]/i\
        taint(channel + first, (end - first) * sizeof *channel);
