package io.scrimplb.seed.address;

import io.scrimplb.seed.Environment;
import io.scrimplb.seed.IpLiteral;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The address EC2 says this instance has: public IPv4, else private IPv4, else IPv6. */
final class Ec2Resolver implements AddressResolver {
    private static final List<String> PATHS = List.of("public-ipv4", "local-ipv4", "ipv6");
    private final InstanceMetadata metadata;

    Ec2Resolver(Environment environment) {
        this.metadata = new InstanceMetadata(environment);
    }

    @Override
    public InetAddress resolve() throws AddressException {
        try {
            for (String path : PATHS) {
                Optional<InetAddress> address = metadata.get(path).flatMap(IpLiteral::parse);
                if (address.isPresent()) {
                    return address.get();
                }
            }
        } catch (IOException e) {
            throw new AddressException(
                    "resolver ec2: " + e.getMessage() + "; outside EC2 use resolver auto or static:ADDR", e);
        }
        throw new AddressException(
                "resolver ec2: instance metadata names no address; use resolver auto or static:ADDR");
    }
}
