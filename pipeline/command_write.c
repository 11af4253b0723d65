/* Pages that a command makes of the ledger (worklist, indicators, quality control) lie in a folder of their own below OUT, beside their table. */
#include "commands.h"
#include "file.h"

#include <sys/stat.h>
#include <unistd.h>

Status command_write(const char *out, const char *name, const Document *html, const Document *tsv,
                     Note *why)
{
    int folder, at = -1;
    if (mkdir(out, 0777) != 0 && access(out, F_OK) != 0)
        return note_fail(why, IO_FAILED, "file.write", (Place){.file = out}, NULL);
    Status s = file_open_folder(&folder, out, why);
    if (s != OK) return s;
    s = file_make_folder(&at, folder, name, why);
    (void)close(folder);
    if (s == OK) s = file_write(at, html->name, html->bytes, html->size, why);
    if (s == OK) s = file_write(at, tsv->name, tsv->bytes, tsv->size, why);
    if (s == OK) s = file_sync_folder(at, why);
    if (at >= 0) (void)close(at);
    return s;
}
