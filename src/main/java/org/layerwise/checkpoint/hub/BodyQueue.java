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
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;

/**
 * Body of an HTTP response, read piece by piece. Unlike with a stream, waiting for the next piece ends if the work is
 * cancelled, or if the server is silent or sends too slowly. Pieces are requested only as earlier ones are read, so a
 * pause also stops the server.
 */
public final class BodyQueue implements HttpResponse.BodySubscriber<BodyQueue>, AutoCloseable {

    private static final long POLL_MILLIS = 100;

    /** Number of pieces of some 16 kB that are requested ahead. */
    private static final int AHEAD = 16;

    private record Piece(List<ByteBuffer> buffers, @Nullable IOException failure, boolean last) {}

    private final Timeouts patience;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;
    private long waitedNanos;
    private long cameBytes;

    /** Creates the body of one response. */
    public BodyQueue(Timeouts patience) {
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
     * Returns the next bytes; an empty list at the end.
     *
     * @throws IOException if the connection was cut
     * @throws HttpTimeoutException if nothing, or too little, arrived in the time that {@link Timeouts} allows
     * @throws CancelledException if cancelled, or the thread was interrupted
     */
    public List<ByteBuffer> next(Progress progress) throws IOException {
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

    /**
     * Requires a minimum rate, measured only while waiting: neither a pause nor a slow disk counts against the server.
     */
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

    /** Thrown if a server sends so slowly that the download would not end in reasonable time. */
    static final class Drip extends HttpTimeoutException {
        private Drip(long bytes, Duration window) {
            super("it sends too slowly, %s bytes in %s s".formatted(bytes, window.toSeconds()));
        }
    }

    /**
     * Returns the whole body.
     *
     * @param what name of the answer, as the subject of a sentence
     * @throws UserException if it has more than {@code mostBytes} bytes; another attempt cannot help
     * @throws IOException if it is cut or comes too slowly
     */
    byte[] all(String what, long mostBytes, Progress progress) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (List<ByteBuffer> piece = next(progress); !piece.isEmpty(); piece = next(progress)) {
            for (ByteBuffer buffer : piece) {
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.writeBytes(part);
            }
            if (bytes.size() > mostBytes) {
                throw ResponseLimit.exceeded(what, mostBytes);
            }
        }
        return bytes.toByteArray();
    }

    /** Cuts the connection if the body is not complete. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private synchronized List<ByteBuffer> taken(Piece piece) throws IOException {
        if (piece.failure() != null) {
            pieces.add(piece); // kept, so that a further call fails too
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
