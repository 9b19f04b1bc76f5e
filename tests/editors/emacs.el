;;; emacs.el --- What somebody does in Emacs, one thing after the other  -*- lexical-binding: t -*-

;; Run by `emacs', after the configuration of docs/editors.md.

(require 'cl-lib)
(require 'flymake)

(defun wait-for (what condition)
  "Wait until CONDITION holds; WHAT says in an error what was waited for."
  (let ((deadline (+ (float-time) 60)))
    (while (not (funcall condition))
      (when (> (float-time) deadline)
        (error "Waited for %s; shown is %S" what (shown)))
      (accept-process-output nil 0.05)
      ;; What Emacs does by itself while somebody looks at the buffer.
      (run-hooks 'post-command-hook)
      (flymake-start))))

(defun shown ()
  "The texts of the diagnostics that Flymake shows in the buffer."
  (mapcar (lambda (found) (substring-no-properties (flymake-diagnostic-text found)))
          (flymake-diagnostics)))

(defun shows (text)
  (lambda () (cl-some (lambda (found) (string-search text found)) (shown))))

(defun changed ()
  "Tell the server now what Emacs tells it when nobody has typed for a moment."
  (eglot--signal-textDocument/didChange))

;; Diagnostics, by the hooks of the configuration alone.
(find-file "server.js")
(wait-for "the diagnostic" (shows "port 8080 is hardcoded where the service listens"))

;; Hover, as ElDoc shows it.
(search-forward "808")
(eldoc-print-current-symbol-info)
(wait-for "the hover"
          (lambda ()
            (and (buffer-live-p eldoc--doc-buffer)
                 (with-current-buffer eldoc--doc-buffer
                   (string-search "Port 8080" (buffer-string))))))

;; The quick fix: the menu has it, and the choice applies it.
(let ((eglot-confirm-server-edits nil)
      (last-nonmenu-event ?\r)
      (offered nil))
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt choices &rest _)
               (setq offered (mapcar #'car choices))
               "Register 8080 as WEB_PORT and use it")))
    (eglot-code-actions (point) (point) "quickfix" t))
  (unless (member "Register 8080 as WEB_PORT and use it" offered)
    (error "Offered is %S" offered)))
(wait-for "the edit"
          (lambda () (string-search "app.listen(process.env.WEB_PORT || 8080);" (buffer-string))))
(changed)
(wait-for "no diagnostics" (lambda () (null (shown))))
(save-buffer)
(wait-for "the variable"
          (lambda ()
            (with-temp-buffer
              (insert-file-contents ".ports.env")
              (string-match-p "^WEB_PORT=[0-9]+$" (buffer-string)))))

;; `.ports.env' has a mode with a server.
(find-file ".ports.env")
(goto-char (point-max))
(wait-for "the server" (lambda () (bound-and-true-p eglot--managed-mode)))
(insert "API_PORT=99999\n")
(changed)
(wait-for "the wrong value" (shows "API_PORT is not a port"))
(set-buffer-modified-p nil)
