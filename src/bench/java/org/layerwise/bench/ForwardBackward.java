package org.layerwise.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.training.Objective;

/**
 * The forward and backward pass of a batch with adapters on all layers, beside what the machine can do: a product of two
 * large matrices, and the very products of such a pass one after another with nothing between them.
 */
final class ForwardBackward implements AutoCloseable {

    private static final int LARGE = 2048;

    private final TransformerModel base;
    private final TensorEngine engine;
    private final AdaptedModel model;
    private final Objective objective;
    private final Batch batch;
    private final TensorOwner owner;
    private final Map<String, Tensor> operands = new HashMap<>();

    /** Rows, the width between and columns of products, and how often they are in a pass. */
    private record Product(long count, long rows, long inner, long columns) {
        double flop() {
            return 2.0 * count * rows * inner * columns;
        }
    }

    ForwardBackward(TransformerModel base) {
        this.base = base;
        this.engine = base.engine();
        this.owner = engine.owner();
        this.model = TrainingArm.adapted(base, base.allLayers());
        TokenizedDataset data = TrainingArm.rows(TrainingArm.ROWS);
        this.objective = TrainingArm.objective(data);
        this.batch = Batches.byRows(data, base.config().rowPadding(), TrainingArm.ROWS).get(0);
    }

    /** One pass; the gradients are left. */
    double pass() {
        try (Scope scope = engine.training()) {
            ModelInput input = base.input(batch.tokens());
            Tensor hidden = model.training(ModelConfig.Dropout.NONE).forward(input);
            Tensor loss = objective.loss(model.head(), hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
            loss.backward();
            return loss.item();
        }
    }

    /** A forward pass of the model without adapters. */
    double forward() {
        try (Scope scope = engine.inference()) {
            return base.transformer()
                    .forward(base.input(batch.tokens()))
                    .select(1, 0)
                    .sum(-1, false)
                    .floats()[0];
        }
    }

    /** Floating-point operations of {@link #forward}. */
    double forwardFlop() {
        return forwardProducts().stream().mapToDouble(Product::flop).sum();
    }

    /** Floating-point operations of a pass that no order of computation avoids: no weight of the base has a gradient. */
    double flop() {
        return products().stream().mapToDouble(Product::flop).sum();
    }

    /** The products of a pass: linear maps forward and backward, adapters with their own gradients, attention. */
    private List<Product> products() {
        long tokens = (long) TrainingArm.ROWS * TrainingArm.TOKENS;
        ModelConfig config = base.config();
        List<Product> products = new ArrayList<>();
        base.transformer().linears().forEach(linear -> {
            products.add(new Product(1, tokens, linear.in(), linear.out()));
            products.add(new Product(1, tokens, linear.out(), linear.in()));
            for (int width : new int[] {linear.in(), linear.out()}) {
                // x A, its gradient and that of A, or the same of B
                products.add(new Product(1, tokens, width, TrainingArm.RANK));
                products.add(new Product(1, tokens, TrainingArm.RANK, width));
                products.add(new Product(1, TrainingArm.RANK, tokens, width));
            }
        });
        // scores and their mix forward; backward the gradients of queries, keys, values and probabilities
        long heads = (long) config.layers() * TrainingArm.ROWS * config.layer(0).attention().heads();
        long size = config.layer(0).attention().headSize();
        products.add(new Product(3 * heads, TrainingArm.TOKENS, size, TrainingArm.TOKENS));
        products.add(new Product(3 * heads, TrainingArm.TOKENS, TrainingArm.TOKENS, size));
        return products;
    }

    /** The products of a forward pass: linear maps, scores and their mix. */
    private List<Product> forwardProducts() {
        long tokens = (long) TrainingArm.ROWS * TrainingArm.TOKENS;
        ModelConfig config = base.config();
        List<Product> products = new ArrayList<>();
        base.transformer().linears().forEach(linear -> products.add(new Product(1, tokens, linear.in(), linear.out())));
        long heads = (long) config.layers() * TrainingArm.ROWS * config.layer(0).attention().heads();
        long size = config.layer(0).attention().headSize();
        products.add(new Product(heads, TrainingArm.TOKENS, size, TrainingArm.TOKENS));
        products.add(new Product(heads, TrainingArm.TOKENS, TrainingArm.TOKENS, size));
        return products;
    }

    /** The products of a pass alone. */
    void productsAlone() {
        compute(products());
    }

    /** The products of a forward pass alone. */
    void forwardProductsAlone() {
        compute(forwardProducts());
    }

    private void compute(List<Product> products) {
        for (Product product : products) {
            try (Scope scope = engine.inference()) {
                Tensor left = filled(product.count(), product.rows(), product.inner());
                Tensor right = filled(product.count(), product.inner(), product.columns());
                if (product.count() == 1) {
                    left.select(0, 0).matmul(right.select(0, 0));
                } else {
                    left.matmul(right);
                }
            }
        }
    }

    /** One product of two large matrices. */
    void largeProduct() {
        try (Scope scope = engine.inference()) {
            Tensor x = filled(LARGE, LARGE);
            x.matmul(x);
        }
    }

    /** A tensor of some numbers, made when it is first asked for: making it is no part of a product. */
    private Tensor filled(long... shape) {
        return operands.computeIfAbsent(
                Arrays.toString(shape),
                unused -> owner.adopt(engine.zeros(DType.F32, Device.CPU, shape).add(0.01)));
    }

    /** Its floating-point operations. */
    static double largeFlop() {
        return 2.0 * LARGE * LARGE * LARGE;
    }

    @Override
    public void close() {
        owner.close();
        model.close();
    }
}
