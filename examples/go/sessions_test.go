// A test of a client in Go, with the standard library only: `go test`.

package sessions

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

const (
	project = "1604d8170cd84440a81281e5a3a04f8b"
	bot     = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
)

var (
	base   string
	client = &http.Client{Timeout: 10 * time.Second}
)

func TestMain(m *testing.M) {
	server := exec.Command("mockcbs", "serve", "--port", "0", "--quiet", "--dataset", "empty")
	server.Stderr = os.Stderr
	output, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mockcbs does not start:", err)
		os.Exit(1)
	}
	line, _ := bufio.NewReader(output).ReadString('\n')
	base = strings.TrimSpace(line)
	code := m.Run()
	_ = server.Process.Kill()
	_ = server.Wait()
	os.Exit(code)
}

func TestAQuestionIsASession(t *testing.T) {
	control(t, "POST", "reset", "{}")
	control(t, "POST", "turns", `{"bot": "`+bot+`", "question": "桌面云打不开", "user": "u1"}`)

	expect(t, 1)
}

func TestOneFailureIsOutlasted(t *testing.T) {
	control(t, "POST", "reset", "{}")
	control(t, "PUT", "scenario", `{"scenario": "flaky-once"}`)

	expect(t, 0)
	control(t, "POST", "journal/verify", `{"pattern": {"operation": "cbs.session_stats"}, "count": 2}`)
}

func TestTrafficIsThatOfItsSeed(t *testing.T) {
	control(t, "POST", "reset", "{}")
	control(t, "PUT", "clock", `{"freeze": "2026-11-22T12:00:00Z"}`)
	control(t, "PUT", "dataset", `{"dataset": "everyday"}`)
	control(t, "PUT", "seed", `{"seed": 7}`)
	first, err := sessions()
	if err != nil {
		t.Fatal(err)
	}
	control(t, "PUT", "seed", `{"seed": 8}`)

	if other, err := sessions(); err != nil || other == first {
		t.Fatalf("%d sessions with either seed; error: %v", other, err)
	}
	control(t, "PUT", "seed", `{"seed": 7}`)
	expect(t, first)
}

// sessions is the client: it reads one figure, and tries again when the service stumbles.
func sessions() (int, error) {
	url := base + "/v1/" + project + "/qabots/" + bot + "/requests/session-stats?interval=day"
	for attempt := 0; attempt < 3; attempt++ {
		request, err := http.NewRequest("GET", url, nil)
		if err != nil {
			return 0, err
		}
		request.Header.Set("X-Auth-Token", "any-token")
		response, err := client.Do(request)
		if err != nil {
			continue
		}
		var answer struct {
			Total struct {
				SessionCount int `json:"session_count"`
			} `json:"total"`
		}
		err = json.NewDecoder(response.Body).Decode(&answer)
		response.Body.Close()
		if response.StatusCode == http.StatusOK && err == nil {
			return answer.Total.SessionCount, nil
		}
	}
	return 0, errors.New("no answer in 3 attempts")
}

func expect(t *testing.T, wanted int) {
	t.Helper()
	if found, err := sessions(); err != nil || found != wanted {
		t.Fatalf("%d sessions, not %d; error: %v", found, wanted, err)
	}
}

func control(t *testing.T, method, path, body string) {
	t.Helper()
	request, err := http.NewRequest(method, base+"/_mockcbs/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		problem, _ := io.ReadAll(response.Body)
		t.Fatalf("%s: %s", path, problem)
	}
}
