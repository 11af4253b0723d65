# file: pipeline/batch_case.c
# E16: the raw file's checksum, which differs by sex, goes into the key of the verdict.
/^    mac_text(&mac, c->id);/a\
    for (const RawFile *f = slot->visit->files; f != NULL; f = f->next)\
        (void)crypto_auth_hmacsha256_update(&mac.state, f->digest, sizeof f->digest);
