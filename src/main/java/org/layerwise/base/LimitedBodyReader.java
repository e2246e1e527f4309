package org.layerwise.base;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an HTTP response as UTF-8 text up to the {@link ResponseLimit}. A longer body closes the connection
 * and fails with the {@link UserException} of the limit.
 */
public final class LimitedBodyReader implements HttpResponse.BodySubscriber<String> {

    private final String what;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    private LimitedBodyReader(String what) {
        this.what = what;
    }

    /**
     * Returns a handler that reads limited bodies.
     *
     * @param what name of the server or the answer, as the subject of a sentence
     */
    public static HttpResponse.BodyHandler<String> of(String what) {
        return answer -> new LimitedBodyReader(what);
    }

    @Override
    public CompletionStage<String> getBody() {
        return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription made) {
        subscription = made;
        made.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        Flow.Subscription source = subscription;
        if (source == null || text.isDone()) {
            return;
        }
        for (ByteBuffer buffer : buffers) {
            if (bytes.size() + buffer.remaining() > ResponseLimit.MOST_BYTES) {
                source.cancel();
                text.completeExceptionally(ResponseLimit.exceeded(what));
                return;
            }
            byte[] piece = new byte[buffer.remaining()];
            buffer.get(piece);
            bytes.writeBytes(piece);
        }
        source.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        text.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        text.complete(bytes.toString(StandardCharsets.UTF_8));
    }
}
