package org.layerwise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;

/** Every operation against values computed by hand. */
class TensorTest {

    private final TensorEngine engine = Engines.shared();
    private Scope scope;

    @BeforeEach
    void open() {
        scope = engine.inference();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor vector(double... values) {
        return engine.of(values, values.length);
    }

    private Tensor matrix(int rows, double... values) {
        return engine.of(values, rows, values.length / rows);
    }

    private static void equal(Tensor tensor, double... expected) {
        assertThat(tensor.doubles()).containsExactly(expected, within(1e-9));
    }

    @Test
    void arithmetic() {
        Tensor x = vector(1, -2, 3);
        Tensor y = vector(4, 5, -6);
        equal(x.add(y), 5, 3, -3);
        equal(x.add(0.5), 1.5, -1.5, 3.5);
        equal(x.sub(y), -3, -7, 9);
        equal(x.mul(y), 4, -10, -18);
        equal(x.mul(-2), -2, 4, -6);
        equal(x.div(y), 0.25, -0.4, -0.5);
        equal(x.neg(), -1, 2, -3);
        equal(x.abs(), 1, 2, 3);
        equal(x.square(), 1, 4, 9);
        equal(vector(4, 9).sqrt(), 2, 3);
        equal(vector(4, 16).rsqrt(), 0.5, 0.25);
        equal(vector(0, 1).exp(), 1, Math.E);
        equal(vector(0, 0.5).tanh(), 0, Math.tanh(0.5));
        equal(x.maximum(y), 4, 5, 3);
        equal(x.clampMin(0), 1, 0, 3);
        equal(x.greaterThan(0).cast(x.dtype()), 1, 0, 1);
    }

    @Test
    void sumsAndShapes() {
        Tensor m = matrix(2, 1, 2, 3, 4, 5, 6);
        assertThat(m.sum().item()).isEqualTo(21);
        equal(m.sum(0, false), 5, 7, 9);
        assertThat(m.sum(1, true).shape()).containsExactly(2, 1);
        assertThat(m.mean().item()).isEqualTo(3.5);
        equal(m.mean(-1, false), 2, 5);
        assertThat(m.max().item()).isEqualTo(6);
        assertThat(vector(3, 4).norm().item()).isEqualTo(5);
        equal(m.transpose(), 1, 4, 2, 5, 3, 6);
        equal(m.reshape(3, -1), 1, 2, 3, 4, 5, 6);
        equal(m.slice(1, 1, 3), 2, 3, 5, 6);
        equal(m.select(0, 1), 4, 5, 6);
        equal(vector(1, 2).reshape(2, 1).expand(2, 2), 1, 1, 2, 2);
        equal(m.indexSelect(1, engine.of(new long[] {2, 0}, 2)), 3, 1, 6, 4);
        equal(m.gather(1, engine.of(new long[] {2, 0}, 2, 1)), 3, 4);
        equal(engine.cat(List.of(m, m), 1), 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
        equal(matrix(3, 1, 1, 1, 1, 1, 1, 1, 1, 1).tril(0), 1, 0, 0, 1, 1, 0, 1, 1, 1);
        equal(engine.identity(DType.F32, Device.CPU, 3), 1, 0, 0, 0, 1, 0, 0, 0, 1);
        assertThat(m.size(-1)).isEqualTo(3);
        assertThat(m.elements()).isEqualTo(6);
    }

    @Test
    void softmaxOfBfloat16SumsInFloat32() {
        // a sum of ones in bfloat16 stays at 256
        Tensor even = engine.zeros(DType.BF16, Device.CPU, 1, 4096).softmax(-1);
        assertThat(even.doubles()).containsOnly(1.0 / 4096);
    }

    @Test
    void headsAreSplitAndJoined() {
        Tensor x = engine.of(new double[] {0, 1, 2, 3, 10, 11, 12, 13}, 1, 2, 4);
        Tensor heads = x.splitHeads(2);
        assertThat(heads.shape()).containsExactly(1, 2, 2, 2);
        equal(heads, 0, 1, 10, 11, 2, 3, 12, 13);
        equal(heads.joinHeads(), 0, 1, 2, 3, 10, 11, 12, 13);
    }

    @Test
    void layers() {
        Tensor x = matrix(1, 1, 2);
        Tensor w = matrix(3, 1, 0, 0, 1, 1, 1);
        equal(x.matmul(w.transpose()), 1, 2, 3);
        equal(x.linear(w, null), 1, 2, 3);
        equal(x.linear(w, vector(10, 20, 30)), 11, 22, 33);
        equal(matrix(1, 0, 0, 0).addLowRank(x, matrix(1, 1, 1), matrix(3, 1, 2, 3), 2), 6, 12, 18);
        List<Tensor> products = x.thinProducts(List.of(matrix(1, 1, 1), matrix(2, 1, 0, 0, 1)));
        equal(products.get(0), 3);
        equal(products.get(1), 1, 2);
        equal(x.linearLowRank(w, null, products.get(0), matrix(3, 1, 2, 3), 2), 7, 14, 21);
        equal(x.linearLowRank(w, vector(10, 20, 30), products.get(0), matrix(3, 1, 2, 3), 2), 17, 34, 51);
        equal(matrix(2, 1, 2, 3, 4).embedding(engine.of(new long[] {1, 0, 1}, 3)), 3, 4, 1, 2, 3, 4);
        // mean 2, variance 1
        equal(vector(1, 3).layerNorm(vector(2, 2), vector(0, 5), 0), -2, 7);
        equal(vector(3, 4).rmsNorm(vector(1, 2), 0), 3 / Math.sqrt(12.5), 8 / Math.sqrt(12.5));
        equal(vector(0, Math.log(3)).softmax(-1), 0.25, 0.75);
        equal(vector(0, Math.log(3)).logSoftmax(-1), Math.log(0.25), Math.log(0.75));
        equal(vector(1, -1).gelu(), 0.8413447460685429, -0.15865525393145707);
        equal(vector(1, -1).geluTanh(), 0.8411919906082768, -0.15880800939172324);
        equal(vector(1, -1).silu(), 1 / (1 + Math.exp(-1)), -1 / (1 + Math.E));
        equal(vector(1, -1).relu(), 1, 0);
    }

    @Test
    void attentionIsTheSoftmaxOfScoresTimesValues() {
        // one head of width 1: scores are q k scale
        Tensor q = engine.of(new double[] {1, 2}, 1, 1, 2, 1);
        Tensor k = engine.of(new double[] {0, Math.log(3)}, 1, 1, 2, 1);
        Tensor v = engine.of(new double[] {4, 8}, 1, 1, 2, 1);
        equal(q.attention(k, v, null, 0, 1), 7, 0.1 * 4 + 0.9 * 8);
        equal(q.causalAttention(k, v, 0, 1), 4, 0.1 * 4 + 0.9 * 8);
        Tensor mask = engine.of(new double[] {0, Double.NEGATIVE_INFINITY}, 1, 1, 1, 2);
        equal(q.attention(k, v, mask, 0, 1), 4, 4);
        equal(q.attention(k, v, null, 0, 0), 6, 6);
    }

    @Test
    void losses() {
        Tensor logits = matrix(2, 0, Math.log(3), Math.log(4), 0);
        equal(logits.crossEntropy(engine.of(new long[] {1, 1}, 2)), -(Math.log(0.75) + Math.log(0.2)) / 2);
        equal(logits.crossEntropy(engine.of(new long[] {1, -100}, 2)), -Math.log(0.75));
        equal(vector(1, 2).meanSquaredError(vector(3, 2)), 2);
    }

    @Test
    void typesAndBf16() {
        Tensor x = engine.of(new float[] {1, -2.5f, 3.140625f}, 3);
        assertThat(x.dtype()).isEqualTo(DType.F32);
        Tensor half = x.cast(DType.BF16);
        assertThat(half.dtype()).isEqualTo(DType.BF16);
        assertThat(half.floats()).containsExactly(1f, -2.5f, 3.140625f);
        assertThat(half.softmax(-1).dtype()).isEqualTo(DType.BF16);
        assertThat(half.layerNorm(half, half, 1e-5).dtype()).isEqualTo(DType.BF16);
        assertThat(half.reshape(1, 3).linear(half.reshape(1, 3), null).item()).isEqualTo(17.125);
        assertThat(x.cast(DType.I64).longs()).containsExactly(1, -2, 3);
        assertThat(engine.zeros(DType.F64, Device.CPU, 2, 2).doubles()).containsOnly(0);
        assertThat(x.to(Device.CPU)).isSameAs(x);
        assertThat(x.device()).isEqualTo(Device.CPU);
    }

    @Test
    void factorizations() {
        Tensor x = matrix(3, 3, 0, 0, 4, 0, 0);
        Factorizations.Svd svd = Factorizations.svd(x);
        equal(svd.s(), 4, 3);
        equal(svd.u().mul(svd.s()).matmul(svd.vt()), 3, 0, 0, 4, 0, 0);
        Factorizations.Qr qr = Factorizations.qr(x);
        equal(qr.q().matmul(qr.r()), 3, 0, 0, 4, 0, 0);
        equal(qr.q().transpose().matmul(qr.q()), 1, 0, 0, 1);
    }

    /** Pieces of one, three and all elements; 1.00390625 lies between two numbers of bf16. */
    @Test
    void bytesThatAreReadPieceByPiece() {
        ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(1).putFloat(-2.5f).putFloat(3).putFloat(1.00390625f).putFloat(7);
        TensorEngine.Filler filler = (piece, offset) -> {
            while (piece.hasRemaining()) {
                piece.put(bytes.get((int) offset + piece.position()));
            }
        };
        for (long largest : List.of(4L, 12L, 1L << 20)) {
            Tensor same = engine.filledInPieces(largest, DType.F32, DType.F32, Device.CPU, filler, 5, 1);
            assertThat(same.shape()).containsExactly(5, 1);
            assertThat(same.floats()).containsExactly(1, -2.5f, 3, 1.00390625f, 7);
            Tensor half = engine.filledInPieces(largest, DType.F32, DType.BF16, Device.CPU, filler, 5);
            assertThat(half.dtype()).isEqualTo(DType.BF16);
            assertThat(half.floats()).containsExactly(1, -2.5f, 3, 1, 7);
        }
        assertThat(engine.filled(DType.BF16, DType.F32, Device.CPU, filler, 0, 3)
                        .floats())
                .isEmpty();
    }

    @Test
    void bytesOfAFileWithoutACopy(@TempDir Path folder) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(1).putFloat(2).putFloat(3).flip();
        Tensor mapped = engine.ofBytes(bytes.duplicate(), DType.F32, Device.CPU, 3);
        assertThat(mapped.floats()).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> mapped.scaleInPlace(2)).hasMessageContaining("read-only");
        assertThatThrownBy(() -> mapped.reshape(1, 3).scaleInPlace(2)).hasMessageContaining("read-only");
        assertThatThrownBy(mapped::requireGradient).hasMessageContaining("read-only");

        ByteBuffer odd =
                bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(4).slice();
        assertThat(engine.ofBytes(odd, DType.F32, Device.CPU, 2).floats()).containsExactly(2, 3);

        ByteBuffer half = ByteBuffer.allocateDirect(4).order(ByteOrder.LITTLE_ENDIAN);
        half.putShort((short) 0x3f80).putShort((short) 0xc020).flip();
        assertThat(engine.ofBytes(half, DType.BF16, Device.CPU, 2).floats()).containsExactly(1, -2.5f);

        Path file = folder.resolve("values.bin");
        byte[] content = new byte[12];
        bytes.get(content);
        Files.write(file, content);
        assertThat(engine.mapFile(file, DType.F32, 3)
                        .slice(0, 1, 3)
                        .reshape(2, 1)
                        .floats())
                .containsExactly(2, 3);
    }

    @Test
    void inPlaceWork() {
        Tensor x = vector(1, 2);
        x.addInPlace(vector(10, 20), 0.5);
        equal(x, 6, 12);
        x.scaleInPlace(2);
        equal(x, 12, 24);
        x.assign(vector(1, 1));
        equal(x, 1, 1);
        Tensor y = x.copy();
        x.scaleInPlace(3);
        equal(y, 1, 1);
    }

    @Test
    void parameterWork() {
        List<Tensor> both = List.of(vector(3), vector(4));
        assertThat(ParameterOps.globalNorm(both).item()).isEqualTo(5);
        assertThat(engine.items(List.of(
                        both.get(0), vector(7).cast(DType.F32).sum(), vector(-1).cast(DType.I64))))
                .containsExactly(3, 7, -1);
        ParameterOps.scale(both, 2);
        equal(both.get(1), 8);

        Tensor weight = vector(1);
        Tensor first = vector(0);
        Tensor second = vector(0);
        double expected = 1;
        double m = 0;
        double v = 0;
        for (int step = 1; step <= 3; step++) {
            double gradient = step * 0.5;
            ParameterOps.adamW(
                    List.of(weight),
                    List.of(vector(gradient)),
                    List.of(first),
                    List.of(second),
                    0.1,
                    0.9,
                    0.999,
                    1e-8,
                    0.01,
                    step);
            m = 0.9 * m + 0.1 * gradient;
            v = 0.999 * v + 0.001 * gradient * gradient;
            double mean = m / (1 - Math.pow(0.9, step));
            double variance = v / (1 - Math.pow(0.999, step));
            expected = expected - 0.1 * 0.01 * expected - 0.1 * mean / (Math.sqrt(variance) + 1e-8);
            assertThat(weight.item()).isCloseTo(expected, within(1e-12));
        }
    }

    @Test
    void dropoutKeepsTheMeanAndFollowsTheSeed() {
        Tensor ones = engine.zeros(DType.F64, Device.CPU, 10_000).add(1);
        engine.seed(7);
        Tensor dropped = ones.dropout(0.25);
        assertThat(dropped.mean().item()).isCloseTo(1, within(0.03));
        engine.seed(7);
        assertThat(ones.dropout(0.25).doubles()).containsExactly(dropped.doubles());
        assertThat(ones.dropout(0)).isSameAs(ones);
    }

    @Test
    void devicesByName() {
        assertThat(engine.device("cpu")).isEqualTo(Device.CPU);
        assertThat(engine.devices()).startsWith(Device.CPU);
        assertThatThrownBy(() -> engine.device("cuda:97"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cuda:97");
        assertThatThrownBy(() -> engine.device("tpu")).hasMessageContaining("tpu");
    }
}
