package org.layerwise.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares ND4J with loops for the sums that intervals and permutations consist of: 512 examples, 12 layers, 1,000 draws
 * in float64. Prints the shortest of several times for each, in ms, and checks that both give the same sums.
 */
public final class HostAlgebra {

    private static final int N = 512;
    private static final int LAYERS = 12;
    private static final int DRAWS = 1000;
    private static final int BLOCK = 256;
    private static final int TIMES = 15;

    private final Random random = new Random(1);
    private final double[] kernel = values(N * N);
    private final double[] other = values(N * N);
    private final double[] weights = values(N * DRAWS);
    private final double[] means = values(N * LAYERS);
    private final double[] left = values(N * BLOCK);
    private final double[] right = values(N * BLOCK);
    private final int[] order = order();

    private HostAlgebra() {}

    public static void main(String[] arguments) {
        new HostAlgebra().run();
    }

    private void run() {
        compare("product of a kernel with 256 draws", this::productByLoop, this::productByNd4j);
        compare("means of 12 layers in 1,000 draws", this::meansByLoop, this::meansByNd4j);
        compare("sums of w u v in 256 draws", this::sumsByLoop, this::sumsByNd4j);
        compare("inner product with one permuted kernel", this::permutedByLoop, this::permutedByNd4j);
    }

    private static void compare(String name, Supplier<double[]> loop, Supplier<double[]> nd4j) {
        double[] expected = loop.get();
        double[] found = nd4j.get();
        for (int i = 0; i < expected.length; i++) {
            if (Math.abs(expected[i] - found[i]) > 1e-9 * (1 + Math.abs(expected[i]))) {
                throw new IllegalStateException("%s: %s and %s".formatted(name, expected[i], found[i]));
            }
        }
        System.out.printf(
                Locale.ROOT, "%s: loop %.2f ms, ND4J %.2f ms%n", name, milliseconds(loop), milliseconds(nd4j));
    }

    private static double milliseconds(Supplier<double[]> work) {
        double shortest = Double.MAX_VALUE;
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            work.get();
            shortest = Math.min(shortest, (System.nanoTime() - start) / 1e6);
        }
        return shortest;
    }

    private double[] productByLoop() {
        double[] product = new double[N * BLOCK];
        for (int draw = 0; draw < BLOCK; draw++) {
            for (int k = 0; k < N; k++) {
                double weight = left[draw * N + k];
                for (int i = 0; i < N; i++) {
                    product[draw * N + i] += kernel[k * N + i] * weight;
                }
            }
        }
        return product;
    }

    private double[] productByNd4j() {
        return product(matrix(kernel, N, N), matrix(left, N, BLOCK), false);
    }

    private double[] meansByLoop() {
        double[] found = new double[DRAWS * LAYERS];
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int draw = 0; draw < DRAWS; draw++) {
                double sum = 0;
                for (int i = 0; i < N; i++) {
                    sum += weights[draw * N + i] * means[layer * N + i];
                }
                found[layer * DRAWS + draw] = sum;
            }
        }
        return found;
    }

    private double[] meansByNd4j() {
        return product(matrix(weights, N, DRAWS), matrix(means, N, LAYERS), true);
    }

    private double[] sumsByLoop() {
        double[] sums = new double[BLOCK];
        for (int draw = 0; draw < BLOCK; draw++) {
            double sum = 0;
            for (int at = draw * N; at < (draw + 1) * N; at++) {
                sum += weights[at] * left[at] * right[at];
            }
            sums[draw] = sum;
        }
        return sums;
    }

    private double[] sumsByNd4j() {
        try (INDArray w = matrix(Arrays.copyOf(weights, N * BLOCK), N, BLOCK);
                INDArray u = matrix(left, N, BLOCK);
                INDArray v = matrix(right, N, BLOCK);
                INDArray wu = w.mul(u);
                INDArray wuv = wu.mul(v);
                INDArray sums = wuv.sum(0)) {
            return sums.toDoubleVector();
        }
    }

    private double[] permutedByLoop() {
        double sum = 0;
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                sum += kernel[i * N + j] * other[order[i] * N + order[j]];
            }
        }
        return new double[] {sum};
    }

    private double[] permutedByNd4j() {
        try (INDArray fixed = Nd4j.createFromArray(kernel).reshape('c', N, N);
                INDArray whole = Nd4j.createFromArray(other).reshape('c', N, N);
                INDArray rows = whole.getRows(order);
                INDArray permuted = rows.getColumns(order);
                INDArray products = permuted.mul(fixed)) {
            return new double[] {products.sumNumber().doubleValue()};
        }
    }

    private static double[] product(INDArray first, INDArray second, boolean transposed) {
        long rows = transposed ? first.columns() : first.rows();
        try (first;
                second;
                INDArray product = Nd4j.create(DataType.DOUBLE, new long[] {rows, second.columns()}, 'f')) {
            Nd4j.gemm(first, second, product, transposed, false, 1, 0);
            return product.data().asDouble();
        }
    }

    private static INDArray matrix(double[] columns, int rows, int count) {
        return Nd4j.createFromArray(columns).reshape('f', rows, count);
    }

    private double[] values(int count) {
        return random.doubles(count).toArray();
    }

    private int[] order() {
        int[] drawn = new int[N];
        for (int i = 0; i < N; i++) {
            int at = random.nextInt(i + 1);
            drawn[i] = drawn[at];
            drawn[at] = i;
        }
        return drawn;
    }
}
