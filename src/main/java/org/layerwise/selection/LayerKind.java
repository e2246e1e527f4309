package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;

/** Kind of a layer: that of its attention, or that of its feed-forward part. */
public enum LayerKind {
    /** A token sees all tokens, or all earlier ones. */
    FULL_ATTENTION("full attention", "full"),
    /** A token sees those in a window. */
    SLIDING_ATTENTION("sliding attention", "sliding"),
    /** Gated delta network, whose cost is linear in the number of tokens. */
    LINEAR_ATTENTION("linear attention", "linear"),
    /** One feed-forward part. */
    DENSE("dense feed-forward", "dense"),
    /** Mixture of experts. */
    MIXTURE("mixture of experts", "mixture");

    private final String title;
    private final String mark;

    LayerKind(String title, String mark) {
        this.title = title;
        this.mark = mark;
    }

    /** Returns the name in settings and files: {@code linear-attention}. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the name for users. */
    public String title() {
        return title;
    }

    /** Returns one word for the axes of charts. */
    public String mark() {
        return mark;
    }

    /** @throws UserException if there is no kind with this name */
    public static LayerKind of(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new UserException("There is no kind of layer \"%s\"; there are %s."
                        .formatted(
                                id, Arrays.stream(values()).map(LayerKind::id).collect(Collectors.joining(", ")))));
    }
}
