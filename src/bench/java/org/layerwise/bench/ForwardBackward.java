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
 * large matrices, and the very products of such a pass one after another with nothing between them. The products of linear
 * maps are computed by the kernel of the maps, copies included, or by libtorch's {@code matmul}; all others by {@code matmul}.
 */
final class ForwardBackward implements AutoCloseable {

    private static final int LARGE = 2048;
    private static final double LEAST_SHARE = 0.97;

    private final TransformerModel base;
    private final TensorEngine engine;
    private final AdaptedModel model;
    private final Objective objective;
    private final Batch batch;
    private final TensorOwner owner;
    private final Map<String, Tensor> operands = new HashMap<>();

    /** Ways to multiply by the weight of a linear map. */
    private enum Kernel {
        /** {@link Tensor#linear}, which chooses by processor, type and number of rows. */
        OF_MAPS("the kernel of linear maps"),
        /** {@link Tensor#matmul}. */
        MATMUL("matmul");

        private final String title;

        Kernel(String title) {
            this.title = title;
        }
    }

    /**
     * Work whose rate is measured.
     *
     * @param flop its floating-point operations that no order of computation avoids: no weight of the base has a gradient
     * @param least smallest share of its rate that the first work of the list is to reach; NaN for none
     */
    record Work(String name, double flop, double least, Runnable run) {}

    /**
     * Products of one shape.
     *
     * @param weight true if the right side is the weight of a linear map
     * @param count how often they are in a pass
     * @param inner width between rows and columns
     */
    private record Product(boolean weight, long count, long rows, long inner, long columns) {

        static Product ofMap(long rows, long inner, long columns) {
            return new Product(true, 1, rows, inner, columns);
        }

        static Product other(long count, long rows, long inner, long columns) {
            return new Product(false, count, rows, inner, columns);
        }

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
    private double pass() {
        try (Scope scope = engine.training()) {
            ModelInput input = base.input(batch.tokens());
            Tensor hidden = model.training(ModelConfig.Dropout.NONE).forward(input);
            Tensor loss = objective.loss(model.head(), hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
            loss.backward();
            return loss.item();
        }
    }

    /** A forward pass of the model without adapters. */
    private double forward() {
        try (Scope scope = engine.inference()) {
            return base.transformer()
                    .forward(base.input(batch.tokens()))
                    .select(1, 0)
                    .sum(-1, false)
                    .floats()[0];
        }
    }

    /** A forward pass, its products alone and a large product, by each kernel. */
    List<Work> forwardBesideProducts() {
        return besideProducts(this::forward, forwardProducts());
    }

    /** The same of a forward and backward pass. */
    List<Work> passBesideProducts() {
        return besideProducts(this::pass, products());
    }

    /** The products of a pass: linear maps forward and backward, adapters with their own gradients, attention. */
    private List<Product> products() {
        long tokens = (long) TrainingArm.ROWS * TrainingArm.TOKENS;
        ModelConfig config = base.config();
        List<Product> products = new ArrayList<>();
        base.transformer().linears().forEach(linear -> {
            products.add(Product.ofMap(tokens, linear.in(), linear.out()));
            products.add(Product.ofMap(tokens, linear.out(), linear.in()));
            for (int width : new int[] {linear.in(), linear.out()}) {
                // x A, its gradient and that of A, or the same of B
                products.add(Product.other(1, tokens, width, TrainingArm.RANK));
                products.add(Product.other(1, tokens, TrainingArm.RANK, width));
                products.add(Product.other(1, TrainingArm.RANK, tokens, width));
            }
        });
        // scores and their mix forward; backward the gradients of queries, keys, values and probabilities
        long heads = (long) config.layers() * TrainingArm.ROWS * config.layer(0).attention().heads();
        long size = config.layer(0).attention().headSize();
        products.add(Product.other(3 * heads, TrainingArm.TOKENS, size, TrainingArm.TOKENS));
        products.add(Product.other(3 * heads, TrainingArm.TOKENS, TrainingArm.TOKENS, size));
        return products;
    }

    /** The products of a forward pass: linear maps, scores and their mix. */
    private List<Product> forwardProducts() {
        long tokens = (long) TrainingArm.ROWS * TrainingArm.TOKENS;
        ModelConfig config = base.config();
        List<Product> products = new ArrayList<>();
        base.transformer().linears().forEach(linear -> products.add(Product.ofMap(tokens, linear.in(), linear.out())));
        long heads = (long) config.layers() * TrainingArm.ROWS * config.layer(0).attention().heads();
        long size = config.layer(0).attention().headSize();
        products.add(Product.other(heads, TrainingArm.TOKENS, size, TrainingArm.TOKENS));
        products.add(Product.other(heads, TrainingArm.TOKENS, TrainingArm.TOKENS, size));
        return products;
    }

    private List<Work> besideProducts(Runnable pass, List<Product> products) {
        List<Work> works = new ArrayList<>();
        works.add(new Work("the whole", flop(products), Double.NaN, pass));
        for (Kernel kernel : Kernel.values()) {
            double least = kernel == Kernel.OF_MAPS ? LEAST_SHARE : Double.NaN;
            works.add(work("its products alone", products, kernel, least));
        }
        for (Kernel kernel : Kernel.values()) {
            works.add(work("a product of 2048 x 2048", List.of(Product.ofMap(LARGE, LARGE, LARGE)), kernel, Double.NaN));
        }
        return works;
    }

    private Work work(String name, List<Product> products, Kernel kernel, double least) {
        return new Work(name + " by " + kernel.title, flop(products), least, () -> compute(products, kernel));
    }

    private static double flop(List<Product> products) {
        return products.stream().mapToDouble(Product::flop).sum();
    }

    private void compute(List<Product> products, Kernel kernel) {
        for (Product product : products) {
            try (Scope scope = engine.inference()) {
                Tensor left = filled(product.count(), product.rows(), product.inner());
                if (product.weight() && kernel == Kernel.OF_MAPS) {
                    left.linear(filled(product.columns(), product.inner()), null);
                } else if (product.count() == 1) {
                    left.select(0, 0).matmul(filled(product.inner(), product.columns()));
                } else {
                    left.matmul(filled(product.count(), product.inner(), product.columns()));
                }
            }
        }
    }

    /** A tensor of some numbers, made when it is first asked for: making it is no part of a product. */
    private Tensor filled(long... shape) {
        return operands.computeIfAbsent(
                Arrays.toString(shape),
                unused -> owner.adopt(engine.zeros(DType.F32, Device.CPU, shape).add(0.01)));
    }

    @Override
    public void close() {
        owner.close();
        model.close();
    }
}
