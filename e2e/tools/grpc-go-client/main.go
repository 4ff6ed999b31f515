// Command grpc-go-client calls a gRPC server on a Unix socket by grpc-go, the client that kubelets have: unary calls and
// a server stream, as the arguments say. It prints one line of JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

// report is what the calls gave; the server answers with the authority that it saw.
type report struct {
	Unary  []string `json:"unary"`
	Stream []string `json:"stream"`
}

// plain sends the bytes of a string as they are, so that no generated code is needed.
type plain struct{}

func (plain) Name() string { return "plain" }

func (plain) Marshal(message any) ([]byte, error) {
	text, ok := message.(*string)
	if !ok {
		return nil, fmt.Errorf("a %T is not a *string", message)
	}
	return []byte(*text), nil
}

func (plain) Unmarshal(data []byte, message any) error {
	text, ok := message.(*string)
	if !ok {
		return fmt.Errorf("a %T is not a *string", message)
	}
	*text = string(data)
	return nil
}

func main() {
	socket := flag.String("socket", "", "path of the server's socket")
	target := flag.String("target", "", "what to dial, where that makes the authority; the socket itself by default")
	authority := flag.String("authority", "", "for grpc.WithAuthority; none when empty")
	unary := flag.String("unary", "", "full name of a unary method")
	stream := flag.String("stream", "", "full name of a method with a server stream")
	count := flag.Int("count", 3, "unary calls, all on one connection")
	flag.Parse()

	result, err := call(*socket, *target, *authority, *unary, *stream, *count)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func call(socket, target, authority, unary, stream string, count int) (result report, err error) {
	// The dialer connects to the socket whatever the target is, so the target does nothing but make the default
	// authority. A kubelet before 1.26 dials in this way; its grpc-go did not yet percent-encode the path.
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(plain{}), grpc.WaitForReady(true)),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		}),
	}
	if authority != "" {
		options = append(options, grpc.WithAuthority(authority))
	}
	if target == "" {
		target = "passthrough:///" + socket
	}
	connection, err := grpc.NewClient(target, options...)
	if err != nil {
		return result, fmt.Errorf("dial %s: %w", target, err)
	}
	defer func() { err = errors.Join(err, connection.Close()) }()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for i := range count {
		// A value that changes, beside those that grpc-go refers to by index from the second call on.
		with := metadata.AppendToOutgoingContext(ctx, "call", fmt.Sprint(i))
		request, response := "", ""
		if err := connection.Invoke(with, unary, &request, &response); err != nil {
			return result, fmt.Errorf("unary call %d: %w", i, err)
		}
		result.Unary = append(result.Unary, response)
	}
	result.Stream, err = receiveAll(ctx, connection, stream)
	return result, err
}

func receiveAll(ctx context.Context, connection *grpc.ClientConn, method string) ([]string, error) {
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, method)
	if err != nil {
		return nil, fmt.Errorf("open the stream: %w", err)
	}
	request := ""
	if err := errors.Join(stream.SendMsg(&request), stream.CloseSend()); err != nil {
		return nil, fmt.Errorf("send on the stream: %w", err)
	}
	var received []string
	for {
		response := ""
		err := stream.RecvMsg(&response)
		if errors.Is(err, io.EOF) {
			return received, nil
		}
		if err != nil {
			return received, fmt.Errorf("after %d messages of the stream: %w", len(received), err)
		}
		received = append(received, response)
	}
}
