package org.layerwise.lora;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LowRankAdapter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * LoRA on one linear map: {@code y + scale * B (A dropout(x))} (Hu et al., arXiv 2106.09685).
 *
 * <p>With PiSSA and OLoRA the weight first loses a part: {@code W - scale * B0 A0}. The base model is shared and
 * never changed, so that part is subtracted from the output instead. This costs two small products, while a changed
 * weight would cost the memory of a second model. The adapted model also starts as exactly its base, even in 16 bits,
 * where rounding the changed weight would cause a difference.
 *
 * @param trained B A
 * @param start B0 A0, which never changes; null except with PiSSA and OLoRA
 * @param bias bias of B, {@code [out]}; null for none
 * @param scale alpha / r, or alpha / sqrt(r)
 * @param dropout dropout in force: 0 for evaluation
 */
record LoraAdapter(
        LowRankUpdate trained, @Nullable LowRankUpdate start, @Nullable Tensor bias, double scale, double dropout)
        implements ModuleAdapter, LowRankAdapter {

    @Override
    public Tensor apply(Linear map, Tensor x, Tensor y) {
        return add(withoutStart(y, x), x.dropout(dropout));
    }

    @Override
    public boolean readsInput() {
        return dropout == 0;
    }

    @Override
    public Tensor thinMatrix(DType type) {
        return trained.a().cast(type);
    }

    @Override
    public Tensor applyWithProduct(Linear map, Tensor x, Tensor product) {
        DType type = x.dtype();
        Tensor y = map.weight()
                .use(
                        type,
                        weight -> x.linearLowRank(
                                weight, map.biasIn(type), product, trained.b().cast(type), scale));
        return withBias(withoutStart(y, x));
    }

    /** Returns the output of the weight without its principal part. */
    Tensor withoutStart(Tensor y, Tensor x) {
        return start == null ? y : start.addTo(y, x, -scale);
    }

    /** Returns an output plus the trained part for an input. */
    Tensor add(Tensor y, Tensor x) {
        return withBias(trained.addTo(y, x, scale));
    }

    private Tensor withBias(Tensor sum) {
        return bias == null ? sum : sum.add(bias.mul(scale).cast(sum.dtype()));
    }

    @Override
    public LoraAdapter withDropout(double probability) {
        return new LoraAdapter(trained, start, bias, scale, probability);
    }

    @Override
    public Optional<LoraAdapter> product() {
        return Optional.of(this);
    }

    @Override
    public Tensor merged(Tensor weight) {
        Tensor without = start == null ? weight : weight.sub(start.matrix().mul(scale));
        return without.add(trained.matrix().mul(scale));
    }
}
