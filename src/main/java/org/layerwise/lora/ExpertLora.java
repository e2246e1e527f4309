package org.layerwise.lora;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.model.layer.ExpertsAdapter;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Tensor;

/**
 * LoRA on the same linear map of all experts of a layer, as PEFT has it for {@code target_parameters}. Of expert e, A are
 * the rows {@code e r} to {@code (e + 1) r - 1} of one tensor, and B every column whose index is e modulo the number of experts.
 *
 * @param a {@code [experts * r, in]}
 * @param b {@code [out, r * experts]}
 * @param scale alpha / r, or alpha / sqrt(r)
 */
record ExpertLora(Tensor a, Tensor b, int experts, double scale) implements ExpertsAdapter {

    /** Low-rank update of one expert's map. */
    private record Update(LowRankUpdate product, double scale) implements OfExpert {

        @Override
        public Tensor apply(Linear map, Tensor x, Tensor y) {
            return product.addTo(y, x, scale);
        }

        @Override
        public Update outputs(long from, long to) {
            return new Update(new LowRankUpdate(product.a(), product.b().slice(0, from, to)), scale);
        }
    }

    @Override
    public List<? extends OfExpert> ofExperts() {
        return products().stream().map(product -> new Update(product, scale)).toList();
    }

    /** Returns A and B of one expert. */
    LowRankUpdate product(int expert) {
        long rank = a.size(0) / experts;
        return new LowRankUpdate(
                a.slice(0, expert * rank, (expert + 1) * rank),
                b.reshape(b.size(0), rank, experts)
                        .slice(2, expert, expert + 1L)
                        .reshape(b.size(0), rank));
    }

    /** Returns A and B of each expert. */
    List<LowRankUpdate> products() {
        long rank = a.size(0) / experts;
        long out = b.size(0);
        List<Tensor> ofA = a.split(rank);
        List<Tensor> ofB = b.reshape(out * rank, experts)
                .transpose()
                .reshape(experts * out, rank)
                .split(out);
        List<LowRankUpdate> products = new ArrayList<>();
        for (int expert = 0; expert < experts; expert++) {
            products.add(new LowRankUpdate(ofA.get(expert), ofB.get(expert)));
        }
        return products;
    }
}
