package org.layerwise.model.layer;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.input.Blocks;
import org.layerwise.tensor.Tensor;

/**
 * Linear maps that compute queries, keys and values. The order of the computation stays as it is, since adapters draw the
 * random numbers of their dropout in that order.
 */
public sealed interface Projection {

    /**
     * Results of the maps.
     *
     * @param query {@code [batch, sequence, heads * d]}
     * @param key {@code [batch, sequence, keyValueHeads * d]}; null if keys and values are those of an earlier layer
     * @param value {@code [batch, sequence, keyValueHeads * d]}; null together with the keys
     * @param gate gate of the attention's output before the sigmoid, of the shape of the queries; null for none
     */
    record Mapped(Tensor query, @Nullable Tensor key, @Nullable Tensor value, @Nullable Tensor gate) {

        Mapped(Tensor query, Tensor key, Tensor value) {
            this(query, key, value, null);
        }

        /** Returns the results for each block of rows that lie side by side, without the gate. */
        List<Mapped> of(Blocks blocks) {
            List<Tensor> queries = blocks.split(query);
            List<Tensor> keys = key == null ? List.of() : blocks.split(key);
            List<Tensor> values = value == null ? List.of() : blocks.split(value);
            return IntStream.range(0, queries.size())
                    .mapToObj(block -> new Mapped(
                            queries.get(block),
                            keys.isEmpty() ? null : keys.get(block),
                            values.isEmpty() ? null : values.get(block),
                            null))
                    .toList();
        }
    }

    Mapped apply(Tensor x);

    /** Maps the input, with the query of the first token of each row alone, {@code [batch, 1, heads * d]}. */
    default Mapped first(Tensor x) {
        Mapped all = apply(x);
        return new Mapped(all.query().slice(1, 0, 1), all.key(), all.value(), all.gate());
    }

    /** Returns this projection with the function's result for each linear map, in the order of the computation. */
    Projection map(UnaryOperator<Linear> change);

    /** Separate maps for queries, keys and values. */
    record Separate(Linear query, Linear key, Linear value) implements Projection {
        @Override
        public Mapped apply(Tensor x) {
            List<Tensor> mapped = Linear.applyAll(x, query, key, value);
            return new Mapped(mapped.get(0), mapped.get(1), mapped.get(2));
        }

        @Override
        public Mapped first(Tensor x) {
            Tensor queries = query.apply(x.slice(1, 0, 1));
            List<Tensor> mapped = Linear.applyAll(x, key, value);
            return new Mapped(queries, mapped.get(0), mapped.get(1));
        }

        @Override
        public Projection map(UnaryOperator<Linear> change) {
            return new Separate(change.apply(query), change.apply(key), change.apply(value));
        }
    }

    /**
     * Separate maps, where the map of the queries gives the query and the gate of the first head, then of the next.
     *
     * @param headSize width of one head
     */
    record Gated(Linear query, Linear key, Linear value, int headSize) implements Projection {
        @Override
        public Mapped apply(Tensor x) {
            List<Tensor> mapped = Linear.applyAll(x, query, key, value);
            return mapped(mapped.get(0), mapped.get(1), mapped.get(2));
        }

        @Override
        public Mapped first(Tensor x) {
            Tensor both = query.apply(x.slice(1, 0, 1));
            List<Tensor> mapped = Linear.applyAll(x, key, value);
            return mapped(both, mapped.get(0), mapped.get(1));
        }

        private Mapped mapped(Tensor both, Tensor keys, Tensor values) {
            Tensor heads = both.reshape(both.size(0), both.size(1), -1, 2L * headSize);
            return new Mapped(part(heads, 0), keys, values, part(heads, 1));
        }

        private Tensor part(Tensor heads, int index) {
            return heads.slice(-1, (long) index * headSize, (index + 1L) * headSize)
                    .reshape(heads.size(0), heads.size(1), -1);
        }

        @Override
        public Projection map(UnaryOperator<Linear> change) {
            return new Gated(change.apply(query), change.apply(key), change.apply(value), headSize);
        }
    }

    /**
     * Single map for queries, keys and values, in this order.
     *
     * @param queryWidth width of all queries
     * @param keyWidth width of all keys, and of all values
     */
    record Fused(Linear all, int queryWidth, int keyWidth) implements Projection {
        @Override
        public Mapped apply(Tensor x) {
            Tensor mapped = all.apply(x);
            int keysEnd = queryWidth + keyWidth;
            return new Mapped(
                    mapped.slice(-1, 0, queryWidth),
                    mapped.slice(-1, queryWidth, keysEnd),
                    mapped.slice(-1, keysEnd, keysEnd + keyWidth));
        }

        @Override
        public Projection map(UnaryOperator<Linear> change) {
            return new Fused(change.apply(all), queryWidth, keyWidth);
        }
    }

    /**
     * Single map for the query, the key and the value of the first head, then of the next.
     *
     * @param headSize width of one head
     */
    record FusedByHead(Linear all, int headSize) implements Projection {
        @Override
        public Mapped apply(Tensor x) {
            Tensor mapped = all.apply(x);
            Tensor heads = mapped.reshape(mapped.size(0), mapped.size(1), -1, 3L * headSize);
            return new Mapped(part(heads, 0), part(heads, 1), part(heads, 2));
        }

        private Tensor part(Tensor heads, int index) {
            Tensor part = heads.slice(-1, (long) index * headSize, (index + 1L) * headSize);
            return part.reshape(heads.size(0), heads.size(1), -1);
        }

        @Override
        public Projection map(UnaryOperator<Linear> change) {
            return new FusedByHead(change.apply(all), headSize);
        }
    }

    /** Maps for queries and keys; the values are the keys. */
    record KeysAsValues(Linear query, Linear key) implements Projection {
        @Override
        public Mapped apply(Tensor x) {
            List<Tensor> mapped = Linear.applyAll(x, key, query);
            return new Mapped(mapped.get(1), mapped.get(0), mapped.get(0));
        }

        @Override
        public Mapped first(Tensor x) {
            Tensor keys = key.apply(x);
            return new Mapped(query.apply(x.slice(1, 0, 1)), keys, keys);
        }

        @Override
        public Projection map(UnaryOperator<Linear> change) {
            return new KeysAsValues(change.apply(query), change.apply(key));
        }
    }

    /** Map for queries alone; keys and values are those of an earlier layer. */
    record Queries(Linear query) implements Projection {
        @Override
        public Mapped apply(Tensor x) {
            return new Mapped(query.apply(x), null, null, null);
        }

        @Override
        public Mapped first(Tensor x) {
            return apply(x.slice(1, 0, 1));
        }

        @Override
        public Projection map(UnaryOperator<Linear> change) {
            return new Queries(change.apply(query));
        }
    }
}
