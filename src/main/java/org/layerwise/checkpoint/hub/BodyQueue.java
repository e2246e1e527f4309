package org.layerwise.checkpoint.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;

/**
 * The body of an answer, piece by piece. Unlike a stream, waiting for the next piece ends when the work is cancelled or
 * the server stays silent or sends too slowly; and what is not taken is not fetched, so a pause stops the server too.
 */
final class BodyQueue implements HttpResponse.BodySubscriber<BodyQueue>, AutoCloseable {

    private static final long POLL_MILLIS = 100;

    /** So many pieces of some 16 kB are asked for ahead. */
    private static final int AHEAD = 16;

    private record Piece(List<ByteBuffer> buffers, @Nullable IOException failure, boolean last) {}

    private final Patience patience;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;
    private long waitedNanos;
    private long cameBytes;

    /** The body of one answer. */
    BodyQueue(Patience patience) {
        this.patience = patience;
    }

    @Override
    public CompletionStage<BodyQueue> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription made) {
        subscription = made;
        if (closed) {
            made.cancel();
        } else {
            made.request(AHEAD);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        pieces.add(new Piece(buffers, null, false));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(
                List.of(),
                failure instanceof IOException io ? io : new IOException(failure.toString(), failure),
                true));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), null, true));
    }

    /**
     * The next bytes; an empty list at the end.
     *
     * @throws IOException if the connection was cut
     * @throws HttpTimeoutException if nothing came for so long as {@link Patience} allows, or too little
     * @throws CancelledException if cancelled, or the thread was interrupted
     */
    List<ByteBuffer> next(Progress progress) throws IOException {
        long start = System.nanoTime();
        while (true) {
            progress.check();
            Piece piece;
            try {
                piece = pieces.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException();
            }
            long waited = System.nanoTime() - start;
            if (piece != null) {
                requireRate(piece, waited);
                return taken(piece);
            }
            if (waited > patience.silence().toNanos()) {
                throw new HttpTimeoutException(
                        "no bytes for %s s".formatted(patience.silence().toSeconds()));
            }
        }
    }

    /** Only waiting counts: neither a pause nor a slow disk makes a server slow. */
    private void requireRate(Piece piece, long waited) throws HttpTimeoutException {
        waitedNanos += waited;
        cameBytes += piece.buffers().stream().mapToLong(ByteBuffer::remaining).sum();
        if (!piece.last() && waitedNanos >= patience.window().toNanos()) {
            if (cameBytes < patience.leastBytes()) {
                throw new Drip(cameBytes, patience.window());
            }
            waitedNanos = 0;
            cameBytes = 0;
        }
    }

    /** A server that sends, but so little that it would take forever. */
    static final class Drip extends HttpTimeoutException {
        private Drip(long bytes, Duration window) {
            super("it sends too slowly, %s bytes in %s s".formatted(bytes, window.toSeconds()));
        }
    }

    /**
     * The whole body.
     *
     * @throws IOException if it is cut, comes too slowly or has more bytes
     */
    byte[] all(long mostBytes, Progress progress) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (List<ByteBuffer> piece = next(progress); !piece.isEmpty(); piece = next(progress)) {
            for (ByteBuffer buffer : piece) {
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.writeBytes(part);
            }
            if (bytes.size() > mostBytes) {
                throw new IOException("the answer has more than %s bytes".formatted(mostBytes));
            }
        }
        return bytes.toByteArray();
    }

    /** Cuts the connection if there is more to come. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private synchronized List<ByteBuffer> taken(Piece piece) throws IOException {
        if (piece.failure() != null) {
            pieces.add(piece); // asked again, it fails again
            throw new IOException(piece.failure().getMessage(), piece.failure());
        }
        if (piece.last()) {
            pieces.add(piece);
        } else if (subscription != null && !closed) {
            subscription.request(1);
        }
        return piece.buffers();
    }
}
