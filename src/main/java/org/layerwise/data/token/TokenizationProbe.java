package org.layerwise.data.token;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes texts and decodes tokens in a process that may die of it: the native library ends the process where a regular expression
 * goes back too often. {@link TokenizationCheck} is the other end.
 */
public final class TokenizationProbe {

    /** Command-line argument that makes the program only encode texts. */
    public static final String ARGUMENT = "--probe-texts";

    /** Asks for a row without special tokens. */
    static final int ENCODE = 0;

    /** Asks for a row with special tokens. */
    static final int ENCODE_SPECIAL = 1;

    /** Asks for the text of tokens. */
    static final int DECODE = 2;

    /** Asks for the text of tokens without the special ones. */
    static final int DECODE_WITHOUT_SPECIAL = 3;

    /** The answer for what did not end the process. */
    static final int DONE = 1;

    /** Value that stands for no limit of tokens. */
    static final int UNLIMITED = -1;

    private TokenizationProbe() {}

    /**
     * Encodes rows and decodes tokens until the input ends.
     *
     * @param in the limit of tokens, the length of a tokenizer in bytes and its content; then a byte for what is asked, and for a
     *     row the number of texts, and for each its length in bytes and its content, for tokens their number and their ids
     * @param out gets {@link #DONE} for each
     * @throws IOException if the input ends within a row or tokens
     */
    public static void run(InputStream in, PrintStream out) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int limit = data.readInt();
        TokenizerFile file = new TokenizerFile(Path.of("tokenizer.json"), data.readNBytes(data.readInt()));
        try (HuggingFaceTokenizer tokenizer = file.load(limit == UNLIMITED ? null : (Integer) limit)) {
            for (int asked = data.read(); asked >= 0; asked = data.read()) {
                switch (asked) {
                    case ENCODE, ENCODE_SPECIAL -> encode(tokenizer, row(data), asked == ENCODE_SPECIAL);
                    case DECODE, DECODE_WITHOUT_SPECIAL ->
                        decode(tokenizer, ids(data), asked == DECODE_WITHOUT_SPECIAL);
                    default -> throw new IOException("nothing is known by the number " + asked);
                }
                out.write(DONE);
                out.flush();
            }
        }
    }

    private static List<String> row(DataInputStream data) throws IOException {
        List<String> texts = new ArrayList<>();
        int count = data.readUnsignedByte();
        for (int i = 0; i < count; i++) {
            int length = data.readInt();
            byte[] text = data.readNBytes(length);
            if (text.length < length) {
                throw new EOFException("the input ends within a text");
            }
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static long[] ids(DataInputStream data) throws IOException {
        long[] ids = new long[data.readInt()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = data.readLong();
        }
        return ids;
    }

    private static void decode(HuggingFaceTokenizer tokenizer, long[] ids, boolean skipSpecialTokens) {
        try {
            tokenizer.decode(ids, skipSpecialTokens);
        } catch (RuntimeException e) {
            // as below
        }
    }

    private static void encode(HuggingFaceTokenizer tokenizer, List<String> row, boolean special) {
        try {
            if (row.size() == 1) {
                tokenizer.encode(row.get(0), special, false);
            } else {
                tokenizer.encode(row.get(0), row.get(1), special, false);
            }
        } catch (RuntimeException e) {
            // the calling process gets the same exception, with its reason, when it encodes the text
        }
    }
}
