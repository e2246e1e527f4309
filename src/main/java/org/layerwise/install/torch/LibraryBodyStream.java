package org.layerwise.install.torch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.layerwise.base.ByteSize;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.hub.BodyQueue;

/**
 * Compressed library as it comes from a server. Reading ends with a {@link UserException} if the server is silent, sends
 * too slowly or sends more than it announced.
 */
final class LibraryBodyStream extends InputStream {

    private static final long OFTEN = 1 << 20;

    private final BodyQueue body;
    private final LibtorchDownloadPlan.PackedFile file;
    private final Counter counter;
    private Iterator<ByteBuffer> pieces = List.<ByteBuffer>of().iterator();
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private boolean ended;
    private long bytes;
    private long told;

    /**
     * Progress of all files together.
     *
     * @param before bytes of the files before this one
     * @param of bytes of all files
     */
    record Counter(Progress progress, long before, long of) {

        void at(String name, long bytes) {
            progress.check();
            double fraction = of == 0 ? Progress.UNKNOWN : Math.min(1, (before + bytes) / (double) of);
            progress.report(fraction, "%s, %s of %s".formatted(name, ByteSize.of(before + bytes), ByteSize.of(of)));
        }
    }

    LibraryBodyStream(BodyQueue body, LibtorchDownloadPlan.PackedFile file, Counter counter) {
        this.body = body;
        this.file = file;
        this.counter = counter;
        counter.at(file.name(), 0);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        while (!piece.hasRemaining() && !ended) {
            advance();
        }
        if (!piece.hasRemaining()) {
            return -1;
        }
        int count = Math.min(length, piece.remaining());
        piece.get(target, offset, count);
        count(count);
        return count;
    }

    // GZIPInputStream looks here for a further part of the file
    @Override
    public int available() {
        return piece.remaining();
    }

    @Override
    public void close() {
        body.close();
    }

    private void advance() {
        if (pieces.hasNext()) {
            piece = pieces.next();
            return;
        }
        try {
            List<ByteBuffer> next = body.next(counter.progress());
            pieces = next.iterator();
            ended = next.isEmpty();
        } catch (IOException e) {
            throw new UserException(
                    "The download of %s from %s broke off (%s); start it again, and it goes on with this file."
                            .formatted(file.name(), file.source().getHost(), e.getMessage()),
                    e);
        }
    }

    private void count(int more) {
        bytes += more;
        if (bytes > file.bytes()) {
            throw new UserException("%s sends more than the %s that it announced for %s; try later, or use %s."
                    .formatted(file.source().getHost(), ByteSize.of(file.bytes()), file.name(), TorchFolder.INSTALL));
        }
        if (bytes - told >= OFTEN) {
            told = bytes;
            counter.at(file.name(), bytes);
        }
    }
}
