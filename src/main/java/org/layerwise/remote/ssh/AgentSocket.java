package org.layerwise.remote.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Client of the user's SSH agent, over the Unix socket that {@code SSH_AUTH_SOCK} names (protocol:
 * draft-miller-ssh-agent). MINA's own client needs Tomcat's native library for such sockets; Java supports them since
 * version 16.
 */
final class AgentSocket extends AbstractAgentProxy {

    /** Maximum length of an answer in bytes; a longer answer does not come from an agent. */
    private static final int MOST_BYTES = 1 << 20;

    private final SocketChannel channel;

    private AgentSocket(SocketChannel channel) {
        super(null);
        this.channel = channel;
    }

    /** Creates a factory that opens a new connection to the agent for each SSH connection. */
    static SshAgentFactory factory(Path socket) {
        return new SshAgentFactory() {
            @Override
            public SshAgent createClient(Session session, FactoryManager manager) throws IOException {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(socket));
                    return new AgentSocket(channel);
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
            }

            @Override
            public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
                return List.of(); // the agent is not forwarded to the other side
            }

            @Override
            public SshAgentServer createServer(ConnectionService service) {
                throw new UnsupportedOperationException("the agent is not lent to the other side");
            }
        };
    }

    @Override
    protected synchronized Buffer request(Buffer question) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(question.array(), question.rpos(), question.available());
        while (out.hasRemaining()) {
            channel.write(out);
        }
        int length = read(Integer.BYTES).getInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("the SSH agent answers with " + length + " bytes");
        }
        return new ByteArrayBuffer(read(length).array());
    }

    private ByteBuffer read(int bytes) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(bytes);
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new EOFException("the SSH agent has gone");
            }
        }
        return in.flip();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        super.close();
    }
}
