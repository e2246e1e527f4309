package org.layerwise.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.layerwise.base.file.AtomicFiles;

/**
 * Stream that throws {@link UncheckedIOException} if it cannot be read: {@link AtomicFiles#write} would take an
 * {@link IOException} for an error of the file that it writes.
 */
final class UncheckedInputStream extends FilterInputStream {

    UncheckedInputStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int most) {
        try {
            return super.read(bytes, from, most);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
